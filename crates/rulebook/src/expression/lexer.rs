//! A condition's text into numbers, names, quoted rule ids and signs, each with its place.
//!
//! It promises: every byte that is not white space belongs to one token, or there is a message with its place. It must never
//! know which words have a meaning: `and` is a name here like any other.

use super::Unreadable;
use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    Number,
    Name,
    Quoted,
    Sign,
}

pub(super) struct Token {
    pub(super) sort: Sort,
    pub(super) span: Range<usize>,
}

pub(super) fn lex(text: &str) -> Result<Vec<Token>, Unreadable> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    let is = |i: usize, f: fn(&u8) -> bool| bytes.get(i).is_some_and(f);
    while at < bytes.len() {
        let start = at;
        let rest = text.get(at..).unwrap_or("");
        let first = rest.chars().next().unwrap_or(' ');
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let sort = if first.is_ascii_digit() {
            while is(at, |b| b.is_ascii_digit() || *b == b'_') {
                at += 1;
            }
            if is(at, |b| *b == b'.') && is(at + 1, u8::is_ascii_digit) {
                at += 1;
                while is(at, |b| b.is_ascii_digit() || *b == b'_') {
                    at += 1;
                }
            }
            Sort::Number
        } else if first == '_' || first.is_alphabetic() {
            let name = rest.find(|c: char| !(c == '_' || c == '.' || c.is_alphanumeric())).unwrap_or(rest.len());
            at += rest.get(..name).unwrap_or(rest).trim_end_matches('.').len();
            Sort::Name
        } else if first == '\'' {
            match rest.get(1..).and_then(|r| r.find('\'')) {
                Some(len) => at += len + 2,
                None => {
                    return Err(Unreadable {
                        span: start..text.len(),
                        message: "a quoted rule id does not end".into(),
                        hint: "close it with '",
                    });
                }
            }
            Sort::Quoted
        } else {
            let two = ["<=", ">=", "!="].into_iter().any(|s| rest.starts_with(s));
            if !two && !"><=+-*/%(),:".contains(first) {
                return Err(Unreadable {
                    span: start..start + first.len_utf8(),
                    message: format!("`{first}` has no meaning here"),
                    hint: "signs are = != < <= > >= + - * / % ( ) , :",
                });
            }
            at += if two { 2 } else { 1 };
            Sort::Sign
        };
        tokens.push(Token { sort, span: start..at });
    }
    Ok(tokens)
}
