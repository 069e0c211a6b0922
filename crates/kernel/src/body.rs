//! The body of an entry: one observation and everything concluded from it.
//!
//! It promises that conclusions are carried as they stand. It must never know what they mean: whoever re-performs them does.

use crate::fact::Observation;
use crate::fact::map;
use alloc::vec::Vec;
use journal::cbor::{self, Encoder, Error};

/// An entry's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// What came from outside.
    pub observation: Observation,
    /// What followed, as one item of deterministic CBOR; none where nothing follows.
    pub conclusions: Option<Vec<u8>>,
}

impl Body {
    /// As deterministic CBOR: 1 the observation, 3 the conclusions. `None` when the conclusions are not one such item.
    pub fn encode(&self) -> Option<Vec<u8>> {
        if self.conclusions.as_deref().is_some_and(|item| cbor::check(item).is_err()) {
            return None;
        }
        let observation = self.observation.encode();
        Some(join(&observation, self.conclusions.as_deref()))
    }

    /// Reads the body of an entry of this kind.
    pub fn decode(kind: u16, bytes: &[u8]) -> Result<Body, Error> {
        let (mut observation, mut conclusions) = (None, None);
        map::read(bytes, |key, from| {
            match key {
                1 => observation = Some(Observation::decode(kind, from.raw()?)?),
                3 => conclusions = Some(from.raw()?.to_vec()),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Body { observation: map::required(observation)?, conclusions })
    }
}

/// The body of an observation and conclusions that are encoded already, as this program encoded them.
pub fn join(observation: &[u8], conclusions: Option<&[u8]>) -> Vec<u8> {
    let length = conclusions.map_or(0, |item| item.len().saturating_add(1));
    let mut out = Encoder::over(Vec::with_capacity(observation.len().saturating_add(length).saturating_add(2)));
    out.map(if conclusions.is_some() { 2 } else { 1 });
    out.key(1);
    out.raw(observation);
    if let Some(item) = conclusions {
        out.key(3);
        out.raw(item);
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::TimePassed;
    use alloc::vec;

    #[test]
    fn a_body_is_read_back_as_it_was() {
        for conclusions in [None, Some(vec![0x80]), Some(vec![0xa1, 0x02, 0x61, b'x'])] {
            let body = Body { observation: TimePassed::default().into(), conclusions };
            let bytes = body.encode().unwrap();
            assert_eq!(Body::decode(TimePassed::KIND, &bytes), Ok(body));
        }
    }

    #[test]
    fn conclusions_that_are_not_an_item_are_not_written() {
        for broken in [vec![], vec![0x18, 0x01], vec![0x00, 0x00]] {
            assert_eq!(Body { observation: TimePassed::default().into(), conclusions: Some(broken) }.encode(), None);
        }
    }
}
