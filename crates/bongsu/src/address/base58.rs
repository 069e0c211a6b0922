//! Addresses in base58: Bitcoin and its kin, Tron, XRP, Solana, Polkadot, Monero, Tezos, Cardano's first form.

use super::{Answer, ELSEWHERE, SLIP, checked, formed, wrong};
use blake2::Blake2b512;
use sha2::{Digest as _, Sha256};
use sha3::Keccak256;

/// The bytes of a base58 text; none longer than addresses are.
fn bytes(text: &str, alphabet: &bs58::Alphabet) -> Option<Vec<u8>> {
    bs58::decode(text).with_alphabet(alphabet).into_vec().ok()
}

/// The bytes without their checksum of four, where it is right.
fn body(text: &str, alphabet: &bs58::Alphabet) -> Option<Vec<u8>> {
    let all = bytes(text, alphabet)?;
    let (body, sum) = all.split_at_checked(all.len().checked_sub(4)?)?;
    let twice = Sha256::digest(Sha256::digest(body));
    (twice.get(..4) == Some(sum)).then(|| body.to_vec())
}

/// One of the coins that came after Bitcoin: version bytes and twenty bytes of a hash.
pub(super) fn coin(text: &str, versions: &[&[u8]]) -> Answer {
    let Some(body) = body(text, bs58::Alphabet::BITCOIN) else {
        return wrong("base58 with a right checksum", SLIP);
    };
    if versions.iter().any(|version| body.strip_prefix(*version).is_some_and(|rest| rest.len() == 20)) {
        return checked(text);
    }
    wrong("the version of a main network and a hash of 20 bytes", ELSEWHERE)
}

/// A classic address. An X-address holds the tag too, and a tag that stands twice can differ.
pub(super) fn xrp(text: &str) -> Answer {
    let body = body(text, bs58::Alphabet::RIPPLE);
    match body.as_deref() {
        Some([0, hash @ ..]) if hash.len() == 20 => checked(text),
        Some([0x05, 0x44, rest @ ..]) if rest.len() == 29 => wrong(
            "a classic address, which begins with r",
            "this is an X-address: write its classic address and its tag",
        ),
        Some(_) => wrong("an account, which begins with r", ELSEWHERE),
        None => wrong("base58 of the XRP Ledger with a right checksum", SLIP),
    }
}

/// A public key, or an address off the curve: nothing in it tells a slip.
pub(super) fn solana(text: &str) -> Answer {
    match bytes(text, bs58::Alphabet::BITCOIN) {
        Some(key) if key.len() == 32 => formed(text),
        _ => wrong("32 bytes in base58", "copy the address again"),
    }
}

/// SS58: the network, the key, two bytes of checksum.
pub(super) fn polkadot(text: &str, prefix: u8) -> Answer {
    let all = bytes(text, bs58::Alphabet::BITCOIN).unwrap_or_default();
    let Some((body, sum)) = all.len().checked_sub(2).and_then(|at| all.split_at_checked(at)) else {
        return wrong("SS58 with a right checksum", SLIP);
    };
    let hash = Blake2b512::new().chain_update(b"SS58PRE").chain_update(body).finalize();
    if hash.get(..2) != Some(sum) {
        return wrong("SS58 with a right checksum", SLIP);
    }
    match body {
        [network, key @ ..] if *network == prefix && key.len() == 32 => checked(text),
        _ => wrong(format!("network {prefix} and a key of 32 bytes"), ELSEWHERE),
    }
}

/// tz1 to tz4 and KT1.
pub(super) fn tezos(text: &str) -> Answer {
    const KINDS: [[u8; 3]; 5] =
        [[0x06, 0xa1, 0x9f], [0x06, 0xa1, 0xa1], [0x06, 0xa1, 0xa4], [0x06, 0xa1, 0xa6], [0x02, 0x5a, 0x79]];
    let Some(body) = body(text, bs58::Alphabet::BITCOIN) else {
        return wrong("base58 with a right checksum", SLIP);
    };
    match body.split_at_checked(3) {
        Some((kind, hash)) if hash.len() == 20 && KINDS.iter().any(|known| known == kind) => checked(text),
        _ => wrong("tz1, tz2, tz3, tz4 or KT1", ELSEWHERE),
    }
}

/// Base58 in blocks of eight bytes as eleven letters, with a checksum of Keccak: 69 bytes, or 77 with a payment id.
pub(super) fn monero(text: &str) -> Answer {
    // 69 = 8 · 8 + 5 bytes in 8 · 11 + 7 letters; 77 = 9 · 8 + 5 bytes in 9 · 11 + 7.
    let mut all = Vec::with_capacity(77);
    for block in text.as_bytes().chunks(11) {
        let size = match block.len() {
            11 => 8,
            7 => 5,
            _ => return wrong("95 or 106 letters", SLIP),
        };
        let Some(part) = block_of(block, size) else { return wrong("blocks of base58", SLIP) };
        all.extend_from_slice(&part);
    }
    let Some((body, sum)) = all.len().checked_sub(4).and_then(|at| all.split_at_checked(at)) else {
        return wrong("95 or 106 letters", SLIP);
    };
    if Keccak256::digest(body).get(..4) != Some(sum) {
        return wrong("a right checksum", SLIP);
    }
    match (body.first(), body.len()) {
        (Some(18 | 42), 65) | (Some(19), 73) => checked(text),
        _ => wrong("an address of the main network", ELSEWHERE),
    }
}

/// One block, with its leading zeros.
fn block_of(letters: &[u8], size: usize) -> Option<Vec<u8>> {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut value = 0u128;
    for letter in letters {
        let digit = ALPHABET.iter().position(|known| known == letter)?;
        value = value.checked_mul(58)?.checked_add(u128::try_from(digit).ok()?)?;
    }
    let all = value.to_be_bytes();
    let (zeros, part) = all.split_at_checked(all.len().checked_sub(size)?)?;
    zeros.iter().all(|byte| *byte == 0).then(|| part.to_vec())
}

/// Byron: CBOR of [tag 24 of the payload, its CRC-32].
pub(super) fn byron(text: &str) -> Answer {
    let all = bytes(text, bs58::Alphabet::BITCOIN).unwrap_or_default();
    let Some(payload) = byron_payload(&all) else {
        return wrong("addr1… of Shelley, or an address of Byron with a right checksum", SLIP);
    };
    // [root, attributes, kind]: attributes of the main network do not hold a network's number.
    match payload {
        [0x83, 0x58, 0x1c, rest @ ..] if rest.get(28).is_some_and(|map| matches!(map, 0xa0 | 0xa1)) => checked(text),
        _ => wrong("an address of the main network", ELSEWHERE),
    }
}

fn byron_payload(all: &[u8]) -> Option<&[u8]> {
    let rest = all.strip_prefix(&[0x82, 0xd8, 0x18, 0x58])?;
    let (length, rest) = rest.split_first()?;
    let (payload, rest) = rest.split_at_checked(usize::from(*length))?;
    let sum = match rest {
        [0x1a, sum @ ..] => u32::from_be_bytes(sum.try_into().ok()?),
        // A small number takes fewer bytes; it is the shortest that counts.
        [0x19, sum @ ..] => u32::from(u16::from_be_bytes(sum.try_into().ok()?)),
        _ => return None,
    };
    (crc32(payload) == sum).then_some(payload)
}

/// The CRC-32 of Ethernet, bit by bit: addresses are short.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
