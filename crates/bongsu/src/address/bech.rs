//! Addresses in bech32 and what came of it: SegWit, Cosmos, Cardano, CashAddr.

use super::{Answer, ELSEWHERE, SLIP, checked, wrong};
use bech32::primitives::decode::{CheckedHrpstring, SegwitHrpstring};
use bech32::{Bech32, Bech32m};

/// The letters of bech32 and CashAddr, each five bits.
const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// Whether a text begins with a prefix of bech32.
pub(super) fn begins(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// A witness program of any version, or Zcash's shielded address.
pub(super) fn coin(text: &str, prefix: &str) -> Answer {
    if prefix == "zs" {
        return plain(text, prefix, &[43], "a shielded address of 43 bytes");
    }
    match SegwitHrpstring::new(text) {
        Ok(found) if found.hrp().to_lowercase() == prefix => checked(text.to_ascii_lowercase()),
        Ok(_) => wrong(format!("{prefix}1…"), ELSEWHERE),
        // Version 0 under bech32, all others under bech32m: the library refuses one under the other.
        Err(_) => wrong("a witness program with a right checksum", SLIP),
    }
}

/// Bech32 under a prefix, of one of these lengths.
fn plain(text: &str, prefix: &str, lengths: &[usize], what: &str) -> Answer {
    let Ok(found) = CheckedHrpstring::new::<Bech32>(text) else {
        let hint = if CheckedHrpstring::new::<Bech32m>(text).is_ok() { ELSEWHERE } else { SLIP };
        return wrong("bech32 with a right checksum", hint);
    };
    if found.hrp().to_lowercase() != prefix {
        return wrong(format!("{prefix}1…"), ELSEWHERE);
    }
    let count = found.byte_iter().count();
    if lengths.contains(&count) { checked(text.to_ascii_lowercase()) } else { wrong(what, ELSEWHERE) }
}

/// An account of 20 bytes, or a contract of 32.
pub(super) fn cosmos(text: &str, prefix: &str) -> Answer {
    plain(text, prefix, &[20, 32], "an account of 20 bytes, or a contract of 32")
}

/// A payment address of Shelley on the main network.
pub(super) fn cardano(text: &str) -> Answer {
    let Ok(found) = CheckedHrpstring::new::<Bech32>(text) else {
        return wrong("bech32 with a right checksum", SLIP);
    };
    let bytes: Vec<u8> = found.byte_iter().collect();
    let kind = bytes.first().map_or(u8::MAX, |head| head >> 4);
    let main = bytes.first().is_some_and(|head| head & 0x0f == 1);
    if found.hrp().to_lowercase() != "addr" || !main {
        return wrong("addr1… of the main network", "rewards and test networks take no withdrawals");
    }
    // Kinds 0–3 name payment and stake, 4 and 5 a pointer, 6 and 7 payment alone.
    let fits = match kind {
        0..=3 => bytes.len() == 57,
        4 | 5 => bytes.len() > 31 && bytes.len() <= 44,
        6 | 7 => bytes.len() == 29,
        _ => false,
    };
    if fits { checked(text.to_ascii_lowercase()) } else { wrong("a payment address", ELSEWHERE) }
}

/// CashAddr, with its prefix or without.
pub(super) fn cash(text: &str, prefix: &str) -> Answer {
    if text.starts_with(['1', '3']) {
        let hint = "the old form is also an address of Bitcoin: write it in the form with q… or p…";
        return wrong("CashAddr", hint);
    }
    let lower = text.to_ascii_lowercase();
    if lower != text && text.to_ascii_uppercase() != text {
        return wrong("small letters or capitals, not both", SLIP);
    }
    let rest = match lower.split_once(':') {
        Some((own, rest)) if own == prefix => rest,
        Some(_) => return wrong(format!("{prefix}:…"), ELSEWHERE),
        None => lower.as_str(),
    };
    let digit = |letter: u8| LETTERS.iter().position(|known| *known == letter).and_then(|at| u8::try_from(at).ok());
    let Some(digits) = rest.bytes().map(digit).collect::<Option<Vec<u8>>>() else {
        return wrong("the letters of CashAddr", SLIP);
    };
    let start = prefix.bytes().map(|letter| letter & 0x1f).chain([0]);
    if polymod(start.chain(digits.iter().copied())) != 0 {
        return wrong("CashAddr with a right checksum", SLIP);
    }
    // 42 digits: a version and twenty bytes (34), the checksum (8). Longer hashes exist and nobody uses them.
    match digits.first() {
        Some(0 | 1) if digits.len() == 42 => checked(format!("{prefix}:{rest}")),
        // Tokens have addresses of their own, of the same keys (kinds 2 and 3).
        Some(2 | 3) if digits.len() == 42 => wrong("an address without tokens", "write its q… or p… form"),
        _ => wrong("a hash of 20 bytes", ELSEWHERE),
    }
}

/// The checksum of CashAddr: a BCH code of 40 bits.
fn polymod(digits: impl Iterator<Item = u8>) -> u64 {
    const STEPS: [u64; 5] = [0x98_f2bc_8e61, 0x79_b76d_99e2, 0xf3_3e5f_b3c4, 0xae_2eab_e2a8, 0x1e_4f43_e470];
    let mut sum = 1u64;
    for digit in digits {
        let top = sum >> 35;
        sum = ((sum & 0x07_ffff_ffff) << 5) ^ u64::from(digit);
        for (bit, step) in STEPS.iter().enumerate() {
            if (top >> bit) & 1 == 1 {
                sum ^= step;
            }
        }
    }
    sum ^ 1
}
