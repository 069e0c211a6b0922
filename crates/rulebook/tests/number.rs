//! Numbers against num-rational: slow, independent and exact.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use proptest::prelude::*;
use rulebook::number::Number;

/// Whole numbers of every size, and the limits of 64 and 128 bits.
fn whole() -> impl Strategy<Value = i128> {
    let near = |at: i128| (-2..=2i128).prop_map(move |by| at.saturating_add(by));
    prop_oneof![
        (0u32..127, any::<i128>()).prop_map(|(bits, n)| n >> bits),
        near(0),
        near(i128::MAX),
        near(i128::MIN),
        near(i128::from(i64::MAX)),
        near(i128::from(i64::MIN)),
        near(i128::from(u64::MAX)),
    ]
}

/// A fraction both ways; every fourth or so was multiplied up and is no longer in lowest terms, or is past 128 bits.
fn number() -> impl Strategy<Value = (Number, BigRational)> {
    let fraction = || (whole(), whole().prop_filter("not zero", |den| *den != 0));
    let simple = fraction().prop_map(|(num, den)| (Number::fraction(num, den).expect("not zero"), exact(num, den)));
    let grown = (fraction(), fraction()).prop_map(|((a, b), (c, d))| {
        let product = Number::fraction(a, b).zip(Number::fraction(c, d)).and_then(|(x, y)| x.multiply(&y));
        (product.expect("four times 128 bits fit"), exact(a, b) * exact(c, d))
    });
    let same = (whole(), 1..=1_000i128, 1..=1_000i128).prop_map(|(num, den, by)| {
        let (num, den) = (num >> 16, den);
        (Number::fraction(num.saturating_mul(by), den.saturating_mul(by)).expect("not zero"), exact(num, den))
    });
    prop_oneof![2 => simple, 1 => grown, 1 => same]
}

fn exact(num: i128, den: i128) -> BigRational {
    BigRational::new(BigInt::from(num), BigInt::from(den))
}

/// What a display says, read back by other means.
fn read(text: &str) -> BigRational {
    let whole = |t: &str| t.parse::<BigInt>().expect("digits");
    if let Some((num, den)) = text.split_once('/') {
        return BigRational::new(whole(num), whole(den));
    }
    let (before, after) = text.split_once('.').unwrap_or((text, ""));
    let scale = BigInt::from(10).pow(u32::try_from(after.len()).expect("short"));
    BigRational::new(whole(&format!("{before}{after}")), scale)
}

fn same(ours: Option<Number>, theirs: &BigRational) {
    let ours = ours.expect("within the limit of bits");
    assert_eq!(&read(&ours.to_string()), theirs);
    let parts = ours.parts().map(|(num, den)| (BigInt::from(num), BigInt::from(den)));
    let fits = i128::try_from(theirs.numer()).is_ok() && i128::try_from(theirs.denom()).is_ok();
    assert_eq!(parts, fits.then(|| (theirs.numer().clone(), theirs.denom().clone())), "stored in lowest terms");
    assert_eq!(ours.to_integer(), i128::try_from(theirs.numer()).ok().filter(|_| theirs.is_integer()));
    assert_eq!((ours.is_zero(), ours.is_negative()), (theirs.is_zero(), *theirs < BigRational::zero()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn agrees_with_num_rational((a, x) in number(), (b, y) in number()) {
        same(a.add(&b), &(&x + &y));
        same(a.subtract(&b), &(&x - &y));
        same(a.multiply(&b), &(&x * &y));
        if y.is_zero() {
            prop_assert!(a.divide(&b).is_none());
        } else {
            same(a.divide(&b), &(&x / &y));
        }
        same(a.negate(), &-&x);
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        prop_assert_eq!(a == b, x == y);
    }

    #[test]
    fn what_is_printed_reads_back(units in 0..=i128::from(u64::MAX), places in 0u32..=18) {
        let text = Number::fraction(units, 10i128.pow(places)).expect("not zero").to_string();
        prop_assert_eq!(Number::decimal(&text).map(|n| n.to_string()), Some(text));
    }

    #[test]
    fn one_number_in_other_terms_is_equal((a, x) in number(), by in 1..=1_000_000i128) {
        let by = Number::integer(by);
        let again = a.multiply(&by).and_then(|n| n.divide(&by));
        same(again.clone(), &x);
        prop_assert_eq!(again, Some(a));
    }
}
