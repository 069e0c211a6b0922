//! A smaller history that fails as well: fewer steps, fewer kinds of things, fewer things.
//!
//! It promises that what it returns fails by the same check.

use crate::world::{CLASSES, Failure, Play, play};

fn check(failure: &Failure) -> &str {
    failure.why.split(':').next().unwrap_or("")
}

/// Shrinks a play that failed.
pub fn shrink(seed: u64, play_: &Play, failure: Failure) -> (Play, Failure) {
    let (mut best, mut failure) =
        (Play { steps: failure.step.saturating_add(1).min(play_.steps), ..play_.clone() }, failure);
    let mut attempt = |candidate: Play, best: &mut Play| match play(seed, &candidate) {
        Err(found) if check(&found) == check(&failure) => {
            *best = Play { steps: found.step.saturating_add(1).min(candidate.steps), ..candidate };
            failure = found;
            true
        }
        _ => false,
    };
    for class in CLASSES {
        let mut candidate = best.clone();
        if candidate.without.insert(class) {
            attempt(candidate, &mut best);
        }
    }
    let mut size = best.steps / 2;
    while size > 0 {
        let mut from = 0;
        while from < best.steps {
            let mut candidate = best.clone();
            candidate.skip.extend(from..(from + size).min(best.steps));
            if candidate.skip.len() > best.skip.len() {
                attempt(candidate, &mut best);
            }
            from += size;
        }
        size /= 2;
    }
    best.skip.retain(|step| *step < best.steps);
    (best, failure)
}
