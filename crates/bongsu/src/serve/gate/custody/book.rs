//! How a custodian is registered: its key, the gate's key for it, and its names of wallets and assets beside ours.
//!
//! It promises that a custodian without both keys is not served at all, and that a name that nobody wrote down means nothing.

use super::jwt::{Private, Public};
use crate::trouble::Trouble;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// A custodian.
pub struct Book {
    /// Who asks.
    pub public: Public,
    /// Who answers.
    pub private: Private,
    /// Our wallet by the custodian's.
    pub wallets: BTreeMap<String, String>,
    /// Our asset by the custodian's.
    pub assets: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    public: String,
    private: String,
    wallets: BTreeMap<String, String>,
    assets: BTreeMap<String, String>,
}

/// The custodian of a gate: `custody.toml` in the journal's folder, keys beside it. None where there is no such file.
pub fn open(dir: &Path) -> Result<Option<Book>, Trouble> {
    let path = dir.join("custody.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Trouble::file(&path, &e)),
    };
    let hint = "docs/custody.md has an example";
    let text: Text = toml::from_str(&text).map_err(|e| Trouble::new(format!("{}: {e}", path.display()), hint))?;
    let key = |name: &str| {
        let path = dir.join(name);
        std::fs::read_to_string(&path).map_err(|e| Trouble::file(&path, &e))
    };
    let wrong = |name: &str, what: &str| Trouble::new(format!("{name}: expected {what}"), hint);
    Ok(Some(Book {
        public: Public::pem(&key(&text.public)?).map_err(|what| wrong(&text.public, what))?,
        private: Private::pem(&key(&text.private)?).map_err(|what| wrong(&text.private, what))?,
        wallets: text.wallets,
        assets: text.assets,
    }))
}
