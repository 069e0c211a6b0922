//! Set proofs against a slow model: every subset of small trees, and one subset of large ones, from hashes computed anew.

use core::convert::Infallible;
use journal::Hash;
use journal::proof::ProofError;
use journal::set_proof::SetProof;
use journal::tree::{leaf_hash, root_of};

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// The root of any stretch, hashed from its leaves each time.
fn slow(all: &[Hash]) -> Hash {
    root_of(&mut all.to_vec())
}

fn prove(all: &[Hash], indexes: &[u64]) -> SetProof {
    let mut node = |level: u8, index: u64| {
        let first = (index << level) as usize;
        Ok::<Hash, Infallible>(slow(&all[first..first + (1 << level)]))
    };
    SetProof::new(indexes, all.len() as u64, &mut node).unwrap().unwrap()
}

/// The subtrees without a proven leaf by their definition: no larger subtree around them is free of leaves either.
fn by_definition(all: &[Hash], low: usize, high: usize, indexes: &[u64], out: &mut Vec<Hash>) {
    if !indexes.iter().any(|index| (low..high).contains(&(*index as usize))) {
        return out.push(slow(&all[low..high]));
    }
    if high - low > 1 {
        let half = (high - low).next_power_of_two() / 2;
        by_definition(all, low, low + half, indexes, out);
        by_definition(all, low + half, high, indexes, out);
    }
}

fn check(all: &[Hash], indexes: &[u64]) {
    let (size, root) = (all.len() as u64, slow(all));
    let proof = prove(all, indexes);
    let mut expected = Vec::new();
    by_definition(all, 0, all.len(), indexes, &mut expected);
    assert_eq!(proof.hashes, expected, "{indexes:?} of {size}");
    let proven: Vec<(u64, Hash)> = indexes.iter().map(|index| (*index, all[*index as usize])).collect();
    assert_eq!(proof.verify(&proven, size, &root), Ok(()), "{indexes:?} of {size}");
    for broken in 0..proven.len() {
        let mut other = proven.clone();
        other[broken].1[7] ^= 1;
        assert_eq!(proof.verify(&other, size, &root), Err(ProofError::Root), "leaf {broken} of {indexes:?}");
        let mut fewer = proven.clone();
        fewer.remove(broken);
        assert!(proof.verify(&fewer, size, &root).is_err(), "without leaf {broken} of {indexes:?}");
    }
    for broken in 0..proof.hashes.len() {
        let mut other = proof.clone();
        other.hashes[broken][0] ^= 1;
        assert_eq!(other.verify(&proven, size, &root), Err(ProofError::Root));
        other.hashes.remove(broken);
        assert_eq!(other.verify(&proven, size, &root), Err(ProofError::Length));
    }
    let mut longer = proof.clone();
    longer.hashes.push(root);
    assert_eq!(longer.verify(&proven, size, &root), Err(ProofError::Length));
}

#[test]
fn every_subset_of_small_trees() {
    for size in 1..=9u64 {
        let all = leaves(size);
        for subset in 0u64..1 << size {
            let indexes: Vec<u64> = (0..size).filter(|index| subset >> index & 1 == 1).collect();
            check(&all, &indexes);
        }
    }
}

#[test]
fn scattered_subsets_of_larger_trees() {
    for (size, step) in [(255u64, 3u64), (256, 17), (257, 1), (1000, 999), (1000, 7), (1025, 64)] {
        let indexes: Vec<u64> = (0..size).step_by(step as usize).collect();
        let all = leaves(size);
        let proven: Vec<(u64, Hash)> = indexes.iter().map(|index| (*index, all[*index as usize])).collect();
        let proof = prove(&all, &indexes);
        assert_eq!(proof.verify(&proven, size, &slow(&all)), Ok(()), "{size} by {step}");
    }
}

#[test]
fn a_leaf_at_another_place_is_refused() {
    let all = leaves(8);
    let proof = prove(&all, &[2, 5]);
    let root = slow(&all);
    assert_eq!(proof.verify(&[(2, all[2]), (5, all[5])], 8, &root), Ok(()));
    assert_eq!(proof.verify(&[(3, all[2]), (5, all[5])], 8, &root), Err(ProofError::Root));
    assert_eq!(proof.verify(&[(5, all[5]), (2, all[2])], 8, &root), Err(ProofError::Range));
    assert_eq!(proof.verify(&[(2, all[2]), (8, all[5])], 8, &root), Err(ProofError::Range));
    assert_eq!(proof.verify(&[(2, all[2]), (2, all[2])], 8, &root), Err(ProofError::Range));
}

#[test]
fn what_no_tree_has_is_not_proven() {
    let all = leaves(4);
    let mut node = |_: u8, _: u64| Ok::<Hash, Infallible>(all[0]);
    for indexes in [&[4u64][..], &[1, 1], &[2, 1]] {
        assert_eq!(SetProof::new(indexes, 4, &mut node), Ok(None), "{indexes:?}");
    }
    assert_eq!(SetProof::new(&[], 0, &mut node), Ok(Some(SetProof::default())));
    assert_eq!(SetProof::default().verify(&[], 0, &journal::tree::empty_root()), Err(ProofError::Range));
}
