//! The inclusion proofs of the entries that an assessment rests on, one file an entry, in the C2SP tlog-proof form.
//!
//! With the journal's public key, a file and the entry's leaf are enough for anyone to check that the entry is in the journal.

use crate::assessment::Assessment;
use crate::store::Reader;
use crate::trouble::Trouble;
use std::collections::BTreeSet;
use std::path::Path;

/// Writes `entry-N.tlog-proof` for each entry of evidence and each recorded assessment; returns how many.
pub fn write(answer: &Assessment, journal: &Path, folder: &Path) -> Result<usize, Trouble> {
    std::fs::create_dir_all(folder).map_err(|e| Trouble::file(folder, &e))?;
    let reader = Reader::open(journal)?;
    let evidence = answer.exchanges.iter().flat_map(|e| &e.findings).flat_map(|f| f.evidence.iter().copied());
    let recorded = answer.exchanges.iter().filter_map(|e| e.entry);
    let entries: BTreeSet<u64> = evidence.chain(recorded).collect();
    let mut written = 0;
    for entry in entries {
        // What no published checkpoint covers yet has no proof; the next checkpoint brings it.
        if let Some(proof) = reader.inclusion_proof(entry)? {
            let path = folder.join(format!("entry-{entry}.tlog-proof"));
            std::fs::write(&path, proof.encode()).map_err(|e| Trouble::file(&path, &e))?;
            written += 1;
        }
    }
    Ok(written)
}
