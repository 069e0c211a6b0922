//! A journal of every release stays here and must re-perform, whatever the program has become.
//!
//! Each folder is the journal that `bongsu demo` of that release made, without its secret key. A difference here means that
//! a conclusion, a fold or the reading of a page changed: raise the number of the semantics and keep the old behaviour.

use bongsu::command::verify;
use bongsu::lang::Lang;
use kernel::replay::Replay;
use std::path::Path;

#[test]
fn every_release_re_performs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journals");
    let mut releases = 0;
    for release in std::fs::read_dir(&folder).unwrap() {
        let dir = release.unwrap().path();
        assert_eq!(verify::run(&dir, None, Lang::En).unwrap(), 0, "{}", dir.display());
        let mut replay = Replay::reperform(kernel::words::vocabulary());
        bongsu::walk::replay(&dir, &mut replay).unwrap();
        assert!(replay.tally.findings > 0 && replay.state.counts().set_aside == 0, "{}", dir.display());
        releases += 1;
    }
    assert!(releases > 0);
}
