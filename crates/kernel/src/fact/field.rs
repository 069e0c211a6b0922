//! The fields of a body by their types, and the macros that make a fact, a record or a choice of them.
//!
//! It promises one encoding: what says nothing is left out, and a field that is there but says nothing is refused.

use super::exact::Exact;
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use journal::cbor::{Decoder, Encoder, Error};
use rulebook::time::Instant;

/// One field.
pub(crate) trait Field: Sized {
    /// Writes one item.
    fn write(&self, out: &mut Encoder);
    /// Reads one item.
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error>;
    /// What a field that is left out means; none where it is required.
    fn absent() -> Option<Self> {
        None
    }
    /// Whether it says nothing.
    fn is_absent(&self) -> bool {
        false
    }
}

/// Reads a field that says something.
pub(crate) fn read<T: Field>(from: &mut Decoder<'_>) -> Result<T, Error> {
    let at = from.position();
    let field = T::read(from)?;
    if field.is_absent() { Err(Error { at, expected: "a field that says something, or none" }) } else { Ok(field) }
}

/// A field that may have been left out.
pub(crate) fn given<T: Field>(field: Option<T>) -> Result<T, Error> {
    super::map::required(field.or_else(T::absent))
}

impl Field for String {
    fn write(&self, out: &mut Encoder) {
        out.text(self);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        from.text().map(String::from)
    }
}

impl Field for Instant {
    fn write(&self, out: &mut Encoder) {
        out.i64(self.0);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        from.i64().map(Instant)
    }
}

impl Field for i128 {
    fn write(&self, out: &mut Encoder) {
        out.i128(*self);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        from.i128()
    }
}

impl Field for i64 {
    fn write(&self, out: &mut Encoder) {
        out.i64(*self);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        from.i64()
    }
}

impl Field for u64 {
    fn write(&self, out: &mut Encoder) {
        out.u64(*self);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        from.u64()
    }
}

impl Field for u32 {
    fn write(&self, out: &mut Encoder) {
        out.u64(u64::from(*self));
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        let at = from.position();
        u32::try_from(from.u64()?).map_err(|_| Error { at, expected: "a number below 2^32" })
    }
}

impl Field for u8 {
    fn write(&self, out: &mut Encoder) {
        out.u64(u64::from(*self));
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        let at = from.position();
        u8::try_from(from.u64()?).map_err(|_| Error { at, expected: "a number up to 255" })
    }
}

/// Absent is no.
impl Field for bool {
    fn write(&self, out: &mut Encoder) {
        out.bool(*self);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        from.bool()
    }
    fn absent() -> Option<Self> {
        Some(false)
    }
    fn is_absent(&self) -> bool {
        !*self
    }
}

impl Field for Hash {
    fn write(&self, out: &mut Encoder) {
        out.bytes(self);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        from.exactly()
    }
}

impl Field for [u8; 64] {
    fn write(&self, out: &mut Encoder) {
        out.bytes(self);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        from.exactly()
    }
}

/// Bytes that stand as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub Vec<u8>);

impl Field for Bytes {
    fn write(&self, out: &mut Encoder) {
        out.bytes(&self.0);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        from.bytes().map(|bytes| Bytes(bytes.to_vec()))
    }
}

impl Field for Exact {
    fn write(&self, out: &mut Encoder) {
        out.array(2);
        Exact::write(self, out);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        super::map::array_of(from, 2)?;
        Exact::read(from)
    }
}

impl<T: Field> Field for Option<T> {
    fn write(&self, out: &mut Encoder) {
        match self {
            Some(value) => value.write(out),
            None => out.null(),
        }
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        from.optional(|from| T::read(from))
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Field> Field for Vec<T> {
    fn write(&self, out: &mut Encoder) {
        out.array(self.len());
        self.iter().for_each(|item| item.write(out));
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Error> {
        super::map::list(from, |from| T::read(from))
    }
    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// The map of the fields that say something.
macro_rules! fields {
    ($of:ident, $out:ident, $($key:literal $field:ident,)*) => {{
        let count = 0usize $(.saturating_add(usize::from(!$crate::fact::field::Field::is_absent(&$of.$field))))*;
        $out.map(count);
        $(if !$crate::fact::field::Field::is_absent(&$of.$field) {
            $out.key($key);
            $crate::fact::field::Field::write(&$of.$field, $out);
        })*
    }};
}

/// A kind of fact: a map of fields by number.
macro_rules! fact {
    ($(#[$doc:meta])* $name:ident = $kind:literal { $($(#[$about:meta])* $key:literal $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$about])* pub $field: $type,)*
        }

        impl $name {
            /// Number of this kind of entry.
            pub const KIND: u16 = $kind;

            /// The body.
            pub fn encode(&self) -> alloc::vec::Vec<u8> {
                let mut out = journal::cbor::Encoder::new();
                self.write(&mut out);
                out.into_bytes()
            }

            /// The body, behind what was written before.
            pub fn write(&self, out: &mut journal::cbor::Encoder) {
                $crate::fact::field::fields!(self, out, $($key $field,)*);
            }

            /// Reads a body.
            pub fn decode(body: &[u8]) -> Result<Self, journal::cbor::Error> {
                $(let mut $field: Option<$type> = None;)*
                $crate::fact::map::read(body, |key, from| {
                    match key {
                        $($key => $field = Some($crate::fact::field::read(from)?),)*
                        _ => return Ok(false),
                    }
                    Ok(true)
                })?;
                Ok(Self { $($field: $crate::fact::field::given($field)?,)* })
            }
        }
    };
}

/// A part of a fact: a map of fields by number inside it.
macro_rules! part {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $key:literal $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name {
            $($(#[$about])* pub $field: $type,)*
        }

        impl $crate::fact::field::Field for $name {
            fn write(&self, out: &mut journal::cbor::Encoder) {
                $crate::fact::field::fields!(self, out, $($key $field,)*);
            }
            fn read(from: &mut journal::cbor::Decoder<'_>) -> Result<Self, journal::cbor::Error> {
                $(let mut $field: Option<$type> = None;)*
                $crate::fact::map::read_in(from, |key, from| {
                    match key {
                        $($key => $field = Some($crate::fact::field::read(from)?),)*
                        _ => return Ok(false),
                    }
                    Ok(true)
                })?;
                Ok(Self { $($field: $crate::fact::field::given($field)?,)* })
            }
        }
    };
}

/// A choice from a list: a number, with the name that texts use.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $number:literal $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$about])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The name that texts use.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// The one of a name.
            pub fn named(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }
        }

        impl $crate::fact::field::Field for $name {
            fn write(&self, out: &mut journal::cbor::Encoder) {
                out.u64(match self { $($name::$variant => $number,)* });
            }
            fn read(from: &mut journal::cbor::Decoder<'_>) -> Result<Self, journal::cbor::Error> {
                let at = from.position();
                Ok(match from.u64()? {
                    $($number => $name::$variant,)*
                    _ => return Err(journal::cbor::Error { at, expected: "a number of its list" }),
                })
            }
        }
    };
}

/// A choice whose members may carry something: an array of its number and what it carries.
macro_rules! either {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $number:literal $variant:ident $(($type:ty))?,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$about])* $variant $(($type))?,)*
        }

        impl $crate::fact::field::Field for $name {
            fn write(&self, out: &mut journal::cbor::Encoder) {
                match self {
                    $($crate::fact::field::either!(@pattern $name $variant carried $($type)?) => {
                        $crate::fact::field::either!(@write out $number carried $($type)?)
                    })*
                }
            }
            fn read(from: &mut journal::cbor::Decoder<'_>) -> Result<Self, journal::cbor::Error> {
                let at = from.position();
                let length = from.array()?;
                let found = from.u64()?;
                let expected = "a number of its list and what it carries";
                let (made, carries) = match found {
                    $($number => $crate::fact::field::either!(@read from $name $variant $($type)?),)*
                    _ => return Err(journal::cbor::Error { at, expected }),
                };
                if length == carries { Ok(made) } else { Err(journal::cbor::Error { at, expected }) }
            }
        }
    };
    (@pattern $name:ident $variant:ident $carried:ident $type:ty) => { $name::$variant($carried) };
    (@pattern $name:ident $variant:ident $carried:ident) => { $name::$variant };
    (@write $out:ident $number:literal $carried:ident $type:ty) => {{
        $out.array(2);
        $out.u64($number);
        $crate::fact::field::Field::write($carried, $out);
    }};
    (@write $out:ident $number:literal $carried:ident) => {{
        $out.array(1);
        $out.u64($number);
    }};
    (@read $from:ident $name:ident $variant:ident $type:ty) => {
        ($name::$variant(<$type as $crate::fact::field::Field>::read($from)?), 2)
    };
    (@read $from:ident $name:ident $variant:ident) => { ($name::$variant, 1) };
}

pub(crate) use {choice, either, fact, fields, part};
