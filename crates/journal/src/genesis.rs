//! Entry 0: what a journal says about itself.
//!
//! It promises that identity, role, formats and keys of a journal are its first fact, under the
//! same tree as all others. It must never know what a role may do.
//!
//! The body is a deterministic CBOR map: 0 journal id (16 bytes), 2 role (text), 4 format,
//! 6 semantics, 8 public key (32 bytes), 10 offline root (32 bytes, only where there is one).

use crate::cbor::{Decoder, Encoder, Error};
use alloc::{format, string::String, vec::Vec};

/// Kind of the entry; no other entry has it.
pub const KIND: u16 = 0;
/// Version of the body.
pub const VERSION: u16 = 1;

/// The body of entry 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genesis {
    /// Random; names the journal for ever.
    pub journal_id: [u8; 16],
    /// Such as `gate`, `watch`, `supervise`; a word to this crate.
    pub role: String,
    /// Number of the journal format.
    pub format: u64,
    /// Number of the semantics under which conclusions are drawn.
    pub semantics: u64,
    /// Ed25519 key that signs the checkpoints.
    pub public_key: [u8; 32],
    /// Ed25519 key, kept offline, that may replace the other.
    pub offline_root: Option<[u8; 32]>,
}

impl Genesis {
    /// The checkpoint origin and key name of the journal: `bongsu.journal/` and its id in hex.
    pub fn origin(&self) -> String {
        let mut origin = String::from("bongsu.journal/");
        for byte in self.journal_id {
            origin.push_str(&format!("{byte:02x}"));
        }
        origin
    }

    /// The body as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::new();
        out.map(5 + usize::from(self.offline_root.is_some()));
        out.key(0);
        out.bytes(&self.journal_id);
        out.key(2);
        out.text(&self.role);
        out.key(4);
        out.u64(self.format);
        out.key(6);
        out.u64(self.semantics);
        out.key(8);
        out.bytes(&self.public_key);
        if let Some(root) = &self.offline_root {
            out.key(10);
            out.bytes(root);
        }
        out.into_bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let mut decoder = Decoder::new(body);
        let mut fields = decoder.map()?;
        let (mut id, mut role, mut format, mut semantics, mut key, mut root) = (None, None, None, None, None, None);
        while let Some(field) = fields.next(&mut decoder)? {
            match field {
                0 => id = Some(decoder.exactly()?),
                2 => role = Some(String::from(decoder.text()?)),
                4 => format = Some(decoder.u64()?),
                6 => semantics = Some(decoder.u64()?),
                8 => key = Some(decoder.exactly()?),
                10 => root = Some(decoder.exactly()?),
                unknown => decoder.unknown(unknown)?,
            }
        }
        let missing = Error { at: decoder.position(), expected: "genesis to hold the keys 0, 2, 4, 6 and 8" };
        decoder.finish()?;
        Ok(Self {
            journal_id: id.ok_or(missing)?,
            role: role.ok_or(missing)?,
            format: format.ok_or(missing)?,
            semantics: semantics.ok_or(missing)?,
            public_key: key.ok_or(missing)?,
            offline_root: root,
        })
    }
}
