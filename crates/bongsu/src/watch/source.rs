//! Where blocks come from.
//!
//! # What a source owes, and what it does not
//!
//! - **Order**: none. A block may come before its parent.
//! - **Repetition**: any. The same block may come again, also after a restart.
//! - **Gaps**: it tells every block it reads; what it skips it tells later or never. A block whose parent nobody told stands alone
//!   until the parent comes, and nothing is final through a gap that hides it.
//! - **Forks**: it tells both sides. It never takes a block back: that another branch is longer is said by telling that branch.
//! - **Restart**: it goes on behind a block it is given, or anywhere before.
//! - **Silence**: it may say nothing for as long as it likes; the kernel measures silence by the blocks of others and by time.
//! - **Truth**: none. Two sources are compared, and what they tell differently pauses the chain.
//!
//! The kernel concludes the same from any such telling of one history (the kernel's `tests/guard/delivery.rs`).

use super::blocks;
use kernel::fact::BlockRead;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Bytes read at once from a file that grew: a thousand blocks with ten transfers each.
const CHUNK: u64 = 4 << 20;

/// Somebody who reads a chain. See the contract above.
pub trait BlockSource: Send {
    /// The next block that it has, or none for now; never waits. The error is for people: the source goes on behind it.
    fn next(&mut self) -> Result<Option<BlockRead>, String>;
}

/// Recorded blocks: a file of lines that may grow while it is read.
pub struct FileSource {
    path: PathBuf,
    exchange: String,
    chain: String,
    name: String,
    at: u64,
    line: u64,
    tail: Vec<u8>,
    ready: VecDeque<Result<BlockRead, String>>,
    /// Lines up to and with the first that tells this block are passed over.
    behind: Option<String>,
}

impl FileSource {
    /// Reads a file from its beginning, or from behind the first line that tells a block.
    pub fn new(path: &Path, exchange: &str, chain: &str, name: &str, behind: Option<&str>) -> FileSource {
        let behind = behind.filter(|hash| tells(path, hash)).map(str::to_string);
        FileSource {
            path: path.to_path_buf(),
            exchange: exchange.into(),
            chain: chain.into(),
            name: name.into(),
            at: 0,
            line: 0,
            tail: Vec::new(),
            ready: VecDeque::new(),
            behind,
        }
    }

    /// Takes in what the file grew by.
    fn grow(&mut self) -> Result<(), String> {
        let wrong = |e: std::io::Error| format!("{}: {e}", self.path.display());
        let mut file = match File::open(&self.path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            other => other.map_err(wrong)?,
        };
        let length = file.metadata().map_err(wrong)?.len();
        if length < self.at {
            // It was begun anew: repetition is allowed, so from the start.
            (self.at, self.line) = (0, 0);
            self.tail.clear();
        }
        if length == self.at {
            return Ok(());
        }
        file.seek(SeekFrom::Start(self.at)).map_err(wrong)?;
        let read = file.take(CHUNK).read_to_end(&mut self.tail).map_err(wrong)?;
        self.at = self.at.saturating_add(read as u64);
        // A line that is not ended is still being written.
        while let Some(end) = self.tail.iter().position(|byte| *byte == b'\n') {
            let rest = self.tail.split_off(end + 1);
            let line = std::mem::replace(&mut self.tail, rest);
            self.line += 1;
            self.take(&line);
        }
        if self.tail.len() > blocks::LINE {
            self.tail.clear();
            return Err(format!("{}:{}: a line without an end", self.path.display(), self.line + 1));
        }
        Ok(())
    }

    fn take(&mut self, line: &[u8]) {
        let Some(text) = std::str::from_utf8(line).ok().map(str::trim).filter(|text| !text.is_empty()) else { return };
        let read = blocks::read(text, &self.exchange, &self.chain, &self.name);
        if let Some(behind) = &self.behind {
            if read.as_ref().is_ok_and(|block| block.hash == *behind) {
                self.behind = None;
            }
            return;
        }
        self.ready.push_back(read.map_err(|why| format!("{}:{}: {why}", self.path.display(), self.line)));
    }
}

/// Whether a file tells a block, so that there is a place to go on behind.
fn tells(path: &Path, hash: &str) -> bool {
    let told = |line: &str| serde_json::from_str::<blocks::Line>(line).is_ok_and(|line| line.hash == hash);
    std::fs::read_to_string(path).is_ok_and(|text| text.lines().any(told))
}

impl BlockSource for FileSource {
    fn next(&mut self) -> Result<Option<BlockRead>, String> {
        if self.ready.is_empty() {
            self.grow()?;
        }
        self.ready.pop_front().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn line(hash: &str) -> String {
        format!("{{\"height\":1,\"hash\":\"{hash}\",\"parent\":\"p\",\"time\":1}}\n")
    }

    fn heard(source: &mut FileSource) -> String {
        let mut out = Vec::new();
        loop {
            match source.next() {
                Ok(Some(block)) => out.push(block.hash),
                Ok(None) => return out.join(" "),
                Err(why) => out.push(format!("({})", why.rsplit(": ").next().unwrap_or(""))),
            }
        }
    }

    #[test]
    fn a_growing_file_is_followed_and_gone_on_behind() {
        let dir = std::env::temp_dir().join(format!("bongsu-source-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("n1.jsonl");
        let _gone = std::fs::remove_file(&path);
        let mut source = FileSource::new(&path, "x", "c", "n1", None);
        assert_eq!(heard(&mut source), "", "no file yet");
        let mut file = File::create(&path).unwrap();
        let whole = line("b");
        write!(file, "{}{}", line("a"), &whole[..10]).unwrap();
        assert_eq!(heard(&mut source), "a", "half a line waits");
        write!(file, "{}not json\n{}", &whole[10..], line("c")).unwrap();
        let told = heard(&mut source);
        assert!(told.starts_with("b (") && told.ends_with(") c"), "{told}");
        let from = |hash| heard(&mut FileSource::new(&path, "x", "c", "n1", Some(hash)));
        assert_eq!(from("c"), "");
        assert!(from("a").starts_with("b "));
        assert!(from("unheard").starts_with("a b"), "an unknown place is the beginning");
        std::fs::write(&path, line("z")).unwrap();
        assert_eq!(heard(&mut source), "z", "a file that was begun anew");
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
