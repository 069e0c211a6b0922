//! Addresses that are names or numbers: EOS, Hedera, NEAR; and TON, which has two ways.

use super::base32::crc16;
use super::{Answer, ELSEWHERE, SLIP, checked, formed, wrong};
use base64ct::{Base64, Base64Unpadded, Base64UrlUnpadded, Encoding as _};

/// Up to twelve letters a–z, 1–5 and dots; a thirteenth has four bits (a–j, 1–5). No dot at either end.
pub(super) fn eos(text: &str) -> Answer {
    let letter = |letter: u8| matches!(letter, b'a'..=b'z' | b'1'..=b'5' | b'.');
    let thirteenth = text.as_bytes().get(12).is_none_or(|letter| matches!(letter, b'a'..=b'j' | b'1'..=b'5'));
    let fits = text.len() <= 13 && thirteenth && text.bytes().all(letter);
    if fits && !text.starts_with('.') && !text.ends_with('.') {
        return formed(text);
    }
    wrong("a name of at most 12 letters a–z, 1–5 and dots", "copy the name again")
}

/// shard.realm.number, perhaps with the five letters of HIP-15; its one form is without them.
pub(super) fn hedera(text: &str) -> Answer {
    let (id, sum) = match text.split_once('-') {
        Some((id, sum)) => (id, Some(sum)),
        None => (text, None),
    };
    let parts: Vec<&str> = id.split('.').collect();
    let number = |part: &&str| part.parse::<i64>().is_ok_and(|n| n >= 0) && super::is_plain(part);
    if parts.len() != 3 || !parts.iter().all(number) {
        return wrong("three numbers, such as 0.0.1234", "copy the account's id again");
    }
    match sum {
        None => formed(id),
        Some(sum) if hip15(id) == sum => checked(id),
        Some(_) => wrong("the letters of HIP-15 for the main network", SLIP),
    }
}

/// Five letters for the main network (ledger id 0).
fn hip15(id: &str) -> String {
    const P3: u64 = 26 * 26 * 26;
    const P5: u64 = P3 * 26 * 26;
    let digit = |letter: u8| if letter == b'.' { 10 } else { u64::from(letter - b'0') };
    let (mut even, mut odd, mut all) = (0u64, 0u64, 0u64);
    for (at, letter) in id.bytes().enumerate() {
        let digit = digit(letter);
        let sum = if at.is_multiple_of(2) { &mut even } else { &mut odd };
        *sum = (*sum + digit) % 11;
        all = (all * 31 + digit) % P3;
    }
    let length = u64::try_from(id.len()).unwrap_or(0);
    // The ledger id is one zero byte followed by six: their sum is zero.
    let sum = ((((length % 5) * 11 + even) * 11 + odd) * P3 + all) % P5;
    let mut rest = (sum * 1_000_003) % P5;
    let mut letters = [b'a'; 5];
    for letter in letters.iter_mut().rev() {
        *letter = b'a' + u8::try_from(rest % 26).unwrap_or(0);
        rest /= 26;
    }
    letters.iter().map(|letter| char::from(*letter)).collect()
}

/// An implicit account of 64 hexadecimal digits, or a name: parts of letters, digits, - and _ between dots.
pub(super) fn near(text: &str) -> Answer {
    let letter = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let part = |part: &str| {
        let ends = part.bytes().next().is_some_and(letter) && part.bytes().last().is_some_and(letter);
        let inside = part.bytes().all(|byte| letter(byte) || byte == b'-' || byte == b'_');
        let double = part.as_bytes().windows(2).any(|pair| pair.iter().all(|byte| !letter(*byte)));
        ends && inside && !double
    };
    if (2..=64).contains(&text.len()) && text.split('.').all(part) {
        return formed(text);
    }
    wrong("2 to 64 small letters, digits, - and _ between dots", "copy the account's name again")
}

/// 48 letters of base64 with a checksum, or workchain:hexadecimal. Its one form is the raw one: the other has a flag that two
/// texts of one account may differ in.
pub(super) fn ton(text: &str) -> Answer {
    if let Some((chain @ ("0" | "-1"), account)) = text.split_once(':') {
        let hex = account.len() == 64 && account.bytes().all(|digit| digit.is_ascii_hexdigit());
        return if hex {
            formed(format!("{chain}:{}", account.to_ascii_lowercase()))
        } else {
            wrong("64 digits", SLIP)
        };
    }
    let all = Base64UrlUnpadded::decode_vec(text).or_else(|_| Base64Unpadded::decode_vec(text));
    let all = all.or_else(|_| Base64::decode_vec(text)).unwrap_or_default();
    let Some((body, _)) = all.split_at_checked(34).filter(|(body, sum)| crc16(body).to_be_bytes() == **sum) else {
        return wrong("48 letters of base64 with a right checksum", SLIP);
    };
    let chain = match body {
        // 0x80 marks an address for test networks.
        [0x11 | 0x51, 0, ..] => "0",
        [0x11 | 0x51, 0xff, ..] => "-1",
        _ => return wrong("an account of the main network", ELSEWHERE),
    };
    let account: String = body.iter().skip(2).map(|byte| format!("{byte:02x}")).collect();
    checked(format!("{chain}:{account}"))
}
