//! Addresses in base32: Stellar, Algorand, NEM, Symbol, Filecoin.

use super::{Answer, ELSEWHERE, SLIP, checked, formed, wrong};
use blake2::Blake2b;
use blake2::digest::consts::U4;
use sha2::Sha512_256;
use sha3::{Digest as _, Keccak256, Sha3_256};

/// The bytes of a text in capitals and 2–7, without padding; the bits that fill the last letter must be zero.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0u32, 0u32);
    for letter in text.bytes() {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => return None,
        };
        bits = ((bits << 5) | u32::from(digit)) & 0xfff;
        count += 5;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    (count < 5 && bits & ((1 << count) - 1) == 0).then_some(out)
}

fn split(all: &[u8], sum: usize) -> Option<(&[u8], &[u8])> {
    all.split_at_checked(all.len().checked_sub(sum)?)
}

/// Strkey: an account (G) or a contract (C). A muxed account (M) holds the id that a memo holds, and one of them is enough.
pub(super) fn stellar(text: &str) -> Answer {
    let all = bytes(text).unwrap_or_default();
    let Some((body, _)) = split(&all, 2).filter(|(body, sum)| crc16(body).to_le_bytes() == **sum) else {
        return wrong("a strkey with a right checksum", SLIP);
    };
    match body {
        [0x30 | 0x10, key @ ..] if key.len() == 32 => checked(text),
        [0x60, rest @ ..] if rest.len() == 40 => wrong(
            "an account, which begins with G",
            "this is a muxed account: write its G… account and its id as a memo",
        ),
        _ => wrong(
            "an account (G…) or a contract (C…)",
            "seeds and signers receive nothing; if this is a seed, it is no secret now",
        ),
    }
}

/// CRC-16 of XMODEM.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    let mut crc = 0u16;
    for byte in bytes {
        crc ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
        }
    }
    crc
}

/// A key and the last four bytes of its hash.
pub(super) fn algorand(text: &str) -> Answer {
    let all = bytes(text).unwrap_or_default();
    match split(&all, 4) {
        Some((key, sum)) if key.len() == 32 && Sha512_256::digest(key).get(28..) == Some(sum) => checked(text),
        _ => wrong("58 letters with a right checksum", SLIP),
    }
}

/// NEM: network, hash, four bytes of Keccak. Hyphens may stand between the letters.
pub(super) fn nem(text: &str) -> Answer {
    let bare = text.replace('-', "").to_ascii_uppercase();
    let all = bytes(&bare).unwrap_or_default();
    match split(&all, 4) {
        Some((body, sum)) if body.len() == 21 && Keccak256::digest(body).get(..4) == Some(sum) => of_main(body, bare),
        _ => wrong("40 letters with a right checksum", SLIP),
    }
}

/// Symbol: network, hash, three bytes of SHA-3.
pub(super) fn symbol(text: &str) -> Answer {
    let bare = text.replace('-', "").to_ascii_uppercase();
    let all = bytes(&bare).unwrap_or_default();
    match split(&all, 3) {
        Some((body, sum)) if body.len() == 21 && Sha3_256::digest(body).get(..3) == Some(sum) => of_main(body, bare),
        _ => wrong("39 letters with a right checksum", SLIP),
    }
}

fn of_main(body: &[u8], bare: String) -> Answer {
    if body.first() == Some(&0x68) { checked(bare) } else { wrong("an address that begins with N", ELSEWHERE) }
}

/// f1 (a key), f2 (an actor), f3 (BLS), f410 (an Ethereum address) with checksums; f0 (an id) without.
pub(super) fn filecoin(text: &str) -> Answer {
    let lower = text.to_ascii_lowercase();
    if let Some(id) = lower.strip_prefix("f0") {
        let plain = !id.is_empty() && id.len() <= 20 && id.bytes().all(|digit| digit.is_ascii_digit());
        return if plain { formed(lower) } else { wrong("f0 and digits", SLIP) };
    }
    let (head, rest, length) = match lower.as_bytes() {
        [b'f', b'1', ..] => (&[1u8][..], lower.get(2..), 20),
        [b'f', b'2', ..] => (&[2u8][..], lower.get(2..), 20),
        [b'f', b'3', ..] => (&[3u8][..], lower.get(2..), 48),
        // The fourth kind under name space 10: Ethereum's.
        [b'f', b'4', b'1', b'0', b'f', ..] => (&[4u8, 10][..], lower.get(5..), 20),
        _ => return wrong("f0, f1, f2, f3 or f410", ELSEWHERE),
    };
    let all = rest.and_then(|rest| bytes(&rest.to_ascii_uppercase())).unwrap_or_default();
    let Some((payload, sum)) = split(&all, 4).filter(|(payload, _)| payload.len() == length) else {
        return wrong("base32 of the right length", SLIP);
    };
    let hash = Blake2b::<U4>::new().chain_update(head).chain_update(payload).finalize();
    if hash.as_slice() == sum {
        return checked(lower);
    }
    wrong("a right checksum", SLIP)
}
