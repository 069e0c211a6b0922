//! What goes wrong between a person and a journal, in their words, with what to do and the exit code.

use crate::store::StoreError;
use std::fmt;
use std::io;
use std::path::Path;

/// A command that could not do its work.
#[derive(Debug)]
pub struct Trouble {
    /// What happened.
    pub what: String,
    /// What to do.
    pub hint: String,
    /// 1: the answer is no. 2: it could not be tried.
    pub code: i32,
}

impl Trouble {
    /// Something that could not be tried.
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Trouble {
        Trouble { what: what.into(), hint: hint.into(), code: 2 }
    }

    /// An answer that is no.
    pub fn no(what: impl Into<String>, hint: impl Into<String>) -> Trouble {
        Trouble { code: 1, ..Trouble::new(what, hint) }
    }

    /// A file that cannot be read or written.
    pub fn file(path: &Path, error: &io::Error) -> Trouble {
        Trouble::new(format!("{}: {error}", path.display()), "check the path and its permissions")
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "\nhint: {}", self.hint) }
    }
}

impl std::error::Error for Trouble {}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        // A store's message already ends in what to do.
        let code = if matches!(
            error,
            StoreError::Damaged { .. }
                | StoreError::Fault { .. }
                | StoreError::Behind { .. }
                | StoreError::Checkpoint { .. }
        ) {
            1
        } else {
            2
        };
        Trouble { what: error.to_string(), hint: String::new(), code }
    }
}
