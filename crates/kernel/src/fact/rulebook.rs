//! The law a journal is judged by, carried in the journal itself.
//!
//! A page is found by the hash of its path and text; an adoption lists paths and hashes. Neither is read here.

use super::map::{self, Map};
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use journal::cbor::Error;
use sha2::{Digest, Sha256};

const PAGE_DOMAIN: &[u8; 16] = b"bongsu/page/001\n";

/// A page of law or policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulebookPage {
    /// Path, such as `law/kr/vaupa.md`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl RulebookPage {
    /// Number of this kind of entry.
    pub const KIND: u16 = 6;

    /// SHA-256(`bongsu/page/001\n` ‖ length of the path, 8 bytes, big-endian ‖ path ‖ text).
    pub fn hash(&self) -> Hash {
        Sha256::new()
            .chain_update(PAGE_DOMAIN)
            .chain_update((self.path.len() as u64).to_be_bytes())
            .chain_update(&self.path)
            .chain_update(&self.text)
            .finalize()
            .into()
    }

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default().text(0, &self.path).text(2, &self.text).bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut path, mut text) = (None, None);
        map::read(body, |key, from| {
            match key {
                0 => path = Some(map::text(from)?),
                2 => text = Some(map::text(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self { path: map::required(path)?, text: map::required(text)? })
    }
}

/// From this entry on, these pages are the rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulebookAdopted {
    /// Its name, such as `2026-11`.
    pub id: String,
    /// Paths and page hashes in ascending order of path, each path once.
    pub pages: Vec<(String, Hash)>,
}

impl RulebookAdopted {
    /// Number of this kind of entry.
    pub const KIND: u16 = 7;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default()
            .text(0, &self.id)
            .list(2, &self.pages, |out, (path, hash)| {
                out.array(2);
                out.text(path);
                out.bytes(hash);
            })
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut id, mut pages) = (None, None);
        map::read(body, |key, from| {
            match key {
                0 => id = Some(map::text(from)?),
                2 => {
                    pages = Some(map::list(from, |page| {
                        map::array_of(page, 2)?;
                        Ok((map::text(page)?, page.exactly()?))
                    })?);
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self { id: map::required(id)?, pages: map::required(pages)? })
    }
}
