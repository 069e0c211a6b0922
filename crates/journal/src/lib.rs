//! What happened, provably.
//!
//! The journal promises four things about a list of entries: their order, their time, that none
//! was changed, and that a body can be destroyed later without weakening the other three. It is a
//! C2SP transparency log: an RFC 6962 tree, tlog-tiles, signed-note checkpoints and witness
//! cosignatures, so tools that know nothing of this program can check it.
//!
//! It must never know what an entry means. Kinds are numbers, principals are opaque, bodies are
//! bytes. It has no clock, no files, no randomness and no floats: times, salts and keys are
//! handed in. `docs/journal-format.md` describes every byte.
//!
//! In reading order:
//!
//! - [`entry`]: the header that is the leaf, and the salted hash of the body
//! - [`genesis`]: what entry 0 says about the journal
//! - [`cbor`]: the deterministic encoding of bodies
//! - [`tree`] and [`proof`]: the RFC 6962 tree, making and checking proofs
//! - [`set_proof`]: one proof for many leaves
//! - [`tiles`]: the layout under which a tree is published
//! - [`note`] and [`checkpoint`]: signed statements about a tree, by the journal and its witnesses
//! - [`verify`]: all of it checked from bytes and a public key alone
#![no_std]
extern crate alloc;

pub mod cbor;
pub mod checkpoint;
pub mod entry;
pub mod genesis;
pub mod note;
pub mod proof;
pub mod set_proof;
pub mod tiles;
pub mod tree;
pub mod verify;

/// A SHA-256 hash.
pub type Hash = [u8; 32];
