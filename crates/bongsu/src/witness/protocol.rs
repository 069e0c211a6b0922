//! The request of the C2SP tlog-witness protocol (`add-checkpoint`): the size last cosigned, a consistency proof, a
//! checkpoint. <https://c2sp.org/tlog-witness>
//!
//! It promises that any bytes are read or refused. It must never know a state: whether the proof holds is the witness's to say.

use base64ct::{Base64, Encoding};
use journal::Hash;
use std::fmt::Write;

/// Most lines of a proof: a tree has at most 2^63 leaves.
const PROOF: usize = 63;

/// A request, borrowed from its body.
#[derive(Debug, PartialEq, Eq)]
pub struct Request<'b> {
    /// Size of the tree the witness cosigned last.
    pub old: u64,
    /// That the tree of the checkpoint extends it.
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub note: &'b str,
}

impl Request<'_> {
    /// The body of the request.
    pub fn encode(&self) -> String {
        let mut body = format!("old {}\n", self.old);
        for hash in &self.proof {
            let _ = writeln!(body, "{}", Base64::encode_string(hash));
        }
        body.push('\n');
        body.push_str(self.note);
        body
    }
}

/// Reads a body; the error says what was expected.
pub fn parse(body: &str) -> Result<Request<'_>, &'static str> {
    let (head, note) = body.split_once("\n\n").ok_or("an empty line between proof and checkpoint")?;
    let mut lines = head.split('\n');
    let old = lines.next().and_then(|line| line.strip_prefix("old ")).ok_or("`old SIZE` in the first line")?;
    let plain = !old.is_empty() && old.bytes().all(|b| b.is_ascii_digit()) && (old == "0" || !old.starts_with('0'));
    let old = plain.then(|| old.parse().ok()).flatten().ok_or("a decimal size without leading zeros")?;
    let proof: Option<Vec<Hash>> = lines.map(hash).collect();
    let proof = proof.ok_or("hashes of 32 bytes in base64, one a line")?;
    if proof.len() > PROOF {
        return Err("at most 63 hashes");
    }
    Ok(Request { old, proof, note })
}

fn hash(line: &str) -> Option<Hash> {
    let mut bytes = [0; 32];
    let read = Base64::decode(line, &mut bytes).ok()?;
    (read.len() == 32).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_back() {
        for (old, proof) in [(0, vec![]), (7, vec![[1; 32], [255; 32]])] {
            let request = Request { old, proof, note: "x\n7\nAAAA\n\n— x sig\n" };
            let body = request.encode();
            assert_eq!(parse(&body), Ok(request));
        }
    }

    #[test]
    fn bad_bodies_are_named() {
        let check = |body: &str, expected: &str| assert_eq!(parse(body), Err(expected), "{body:?}");
        check("", "an empty line between proof and checkpoint");
        check("old 7\nnote", "an empty line between proof and checkpoint");
        check("size 7\n\nnote", "`old SIZE` in the first line");
        for size in ["", "07", "-1", "+1", "1e3", "18446744073709551616"] {
            check(&format!("old {size}\n\nnote"), "a decimal size without leading zeros");
        }
        check("old 7\nAAAA\n\nnote", "hashes of 32 bytes in base64, one a line");
        check("old 7\n!\n\nnote", "hashes of 32 bytes in base64, one a line");
        let line = format!("{}\n", Base64::encode_string(&[7; 32]));
        check(&format!("old 7\n{}\nnote", line.repeat(64)), "at most 63 hashes");
        assert!(parse(&format!("old 7\n{}\nnote", line.repeat(63))).is_ok());
    }
}
