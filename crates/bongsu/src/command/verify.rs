//! `bongsu verify`: a journal checked from its own bytes: hashes, order, checkpoint, and every conclusion re-performed.

use crate::lang::Lang;
use crate::store;
use crate::trouble::Trouble;
use crate::walk;
use journal::note::VerifierKey;
use kernel::finding::Finding;
use kernel::guard::say;
use kernel::replay::{Difference, Replay};
use std::path::Path;

/// Verifies; the exit code is 0 when all holds, 1 when something does not.
pub fn run(dir: &Path, key: Option<&str>, lang: Lang) -> Result<i32, Trouble> {
    let key = key.map(read_key).transpose()?;
    let report = store::verify::verify(dir, key.as_ref())?;
    println!("{:24} {}", lang.pick("entries", "항목"), report.size);
    println!("{:24} {}", lang.pick("root", "루트 해시"), hex(&report.root));
    println!("{:24} {}", lang.pick("under the checkpoint", "체크포인트 범위"), report.signed);
    if report.signed < report.size {
        println!("note: {} entries are not under a published checkpoint yet", report.size - report.signed);
    }
    if let Some(torn) = &report.torn {
        println!("note: a group at the end was never acknowledged, or is being written now: {torn:?}");
    }
    if key.is_none() {
        println!("note: checked against the key the journal names itself; give --key to know whose it is");
    }
    let mut replay = Replay::reperform(kernel::words::vocabulary());
    walk::replay(dir, &mut replay)?;
    let tally = &replay.tally;
    println!("{:24} {}", lang.pick("findings re-performed", "재수행한 판정"), tally.findings);
    if tally.decisions > 0 {
        println!("{:24} {}", lang.pick("guard's conclusions", "재수행한 통제 결론"), tally.decisions);
    }
    if tally.destroyed > 0 {
        println!("{:24} {}", lang.pick("bodies destroyed", "파기된 본문"), tally.destroyed);
        println!("{:24} {}", lang.pick("findings resting on them", "재수행 불가 판정"), tally.not_reperformed);
    }
    for difference in &replay.differences {
        print!("{}", show(difference));
    }
    if replay.differences.is_empty() {
        println!(
            "{}",
            lang.pick(
                "verified: every conclusion follows from what was recorded",
                "검증됨: 모든 결론이 기록된 사실에서 도출됨"
            )
        );
        return Ok(0);
    }
    println!("NOT VERIFIED: {} conclusions do not follow", replay.differences.len());
    println!("hint: `bongsu explain ENTRY --data DIR` shows an entry whole");
    Ok(1)
}

/// Reads a verifier key from text or from a file that holds it.
pub fn read_key(text: &str) -> Result<VerifierKey, Trouble> {
    let found = std::fs::read_to_string(text).unwrap_or_else(|_| text.to_string());
    VerifierKey::parse(found.trim())
        .map_err(|e| Trouble::new(format!("this is no verifier key: {e}"), "give DIR/keys/journal.pub or its text"))
}

/// Bytes in hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// One difference in words.
pub fn show(difference: &Difference) -> String {
    let verdict = |f: &Option<Finding>| {
        f.as_ref().map_or("nothing".to_string(), |f| {
            let short = f.short.as_ref().map_or(String::new(), |s| format!(", short {} {}", s.value, s.unit));
            format!("{}{short}", f.verdict.name())
        })
    };
    if let Some((recorded, follows)) = &difference.guard {
        let say = |list| say::all(&|_| 0, list);
        let (entry, exchange) = (difference.entry, &difference.exchange);
        return format!("entry {entry} {exchange}: recorded {}, follows {}\n", say(recorded), say(follows));
    }
    let about = difference.recorded.as_ref().or(difference.follows.as_ref());
    let Some(about) = about else {
        return format!("entry {}: its conclusions are not those that follow\n", difference.entry);
    };
    let subject = about.subject.as_ref().map_or(String::new(), |s| format!(" {}/{}", s.kind, s.name));
    let (recorded, follows) = (verdict(&difference.recorded), verdict(&difference.follows));
    let what = if recorded == follows {
        "differs in its details".to_string()
    } else {
        format!("recorded {recorded}, follows {follows}")
    };
    format!("entry {} {} {}{subject}: {what}\n", difference.entry, difference.exchange, about.rule)
}
