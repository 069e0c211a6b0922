//! Addresses in hexadecimal: Ethereum and all that run its machine, Aptos, Sui.

use super::{Answer, SLIP, checked, formed, wrong};
use sha3::{Digest as _, Keccak256};

/// Twenty bytes. Capitals among small letters are a checksum (EIP-55); letters of one size are taken, and the answer says so.
pub(super) fn evm(text: &str) -> Answer {
    let Some(digits) = text.strip_prefix("0x") else {
        return wrong("0x and 40 hexadecimal digits", "an address begins with 0x");
    };
    if digits.len() != 40 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return wrong("0x and 40 hexadecimal digits", SLIP);
    }
    let small = digits.to_ascii_lowercase();
    let one_size = small == digits || digits.to_ascii_uppercase() == digits;
    if one_size {
        return formed(format!("0x{small}"));
    }
    let hash = Keccak256::digest(small.as_bytes());
    let capital =
        |at: usize| hash.get(at / 2).is_some_and(|byte| (byte >> (if at.is_multiple_of(2) { 4 } else { 0 })) & 8 == 8);
    let right =
        digits.bytes().enumerate().all(|(at, d)| !d.is_ascii_alphabetic() || d.is_ascii_uppercase() == capital(at));
    if right { checked(format!("0x{small}")) } else { wrong("capitals as EIP-55 sets them", SLIP) }
}

/// Thirty-two bytes without a checksum; leading zeros may not be left out, or one digit lost would go unseen.
pub(super) fn long(text: &str) -> Answer {
    match text.strip_prefix("0x") {
        Some(digits) if digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
            formed(text.to_ascii_lowercase())
        }
        _ => wrong("0x and 64 hexadecimal digits", "write every digit, leading zeros too"),
    }
}
