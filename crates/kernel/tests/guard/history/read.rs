//! A fact from the words of a row.

use super::{World, X};
use journal::note::{Algorithm, SignerKey};
use kernel::fact::*;
use kernel::guard::ticket::identity_of;
use rulebook::number::Number;
use rulebook::time::Instant;

const ALGORITHM: Algorithm = Algorithm::Ed25519;

/// The key of a person, from one byte.
fn signer(number: u8) -> SignerKey {
    SignerKey::new("k", &[number; 32]).expect("a name")
}

type Read<T> = Result<T, String>;

/// The words of a row, read one after the other.
struct Words<'t>(&'t str);

impl<'t> Words<'t> {
    fn word(&mut self) -> Read<&'t str> {
        let (word, rest) = self.0.split_once(' ').unwrap_or((self.0, ""));
        self.0 = rest.trim_start();
        if word.is_empty() { Err("a word is missing".into()) } else { Ok(word.trim_end_matches([',', ':', ';'])) }
    }

    /// Passes a word over where it comes next.
    fn has(&mut self, text: &str) -> bool {
        let next = self.0.split_once(' ').unwrap_or((self.0, ""));
        let is = next.0 == text;
        if is {
            self.0 = next.1.trim_start();
        }
        is
    }

    fn must(&mut self, text: &str) -> Read<()> {
        if self.has(text) { Ok(()) } else { Err(format!("expected `{text}` before `{}`", self.0)) }
    }

    /// What stands behind a word anywhere in the rest.
    fn option(&mut self, text: &str) -> Option<&'t str> {
        let mut words = self.0.split(' ');
        let before: usize = words.by_ref().take_while(|word| *word != text).map(|word| word.len() + 1).sum();
        let found = self.0.get(before..)?.strip_prefix(text)?;
        found
            .trim_start()
            .split(' ')
            .next()
            .filter(|word| !word.is_empty())
            .map(|word| word.trim_end_matches([',', ';']))
    }
}

/// `5 s`, `2 h`, `24 h`, `3 days`.
pub fn length(text: &str) -> Option<i64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let by = match unit {
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "days" => 86_400_000,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(by)
}

/// The moment a fact says it is of: `dated 2 h ago`, `dated -2 h ago` for one in the future.
fn dated(words: &Words<'_>, now: Instant) -> Instant {
    let ago = words.0.split_once("dated ").and_then(|(_, ago)| length(ago.trim_end_matches(" ago")));
    Instant(now.0 - ago.unwrap_or(0))
}

fn exact(text: &str) -> Read<Number> {
    Number::decimal(text).ok_or_else(|| format!("`{text}` is no number"))
}

/// `0.5 BTC` in base units.
fn amount(world: &World, number: &str, asset: &str) -> Read<i128> {
    let digits = world.digits.get(asset).copied().unwrap_or(0);
    let units = exact(number)?.multiply(&Number::integer(10i128.pow(digits))).unwrap();
    units.to_integer().ok_or_else(|| format!("{number} {asset} is no whole number of base units"))
}

fn quantity<'t>(world: &World, words: &mut Words<'t>) -> Read<(i128, &'t str)> {
    let (number, asset) = (words.word()?, words.word()?);
    Ok((amount(world, number, asset)?, asset))
}

fn scope(words: &mut Words<'_>) -> Read<Scope> {
    let sides = if words.has("withdrawals") {
        words.must("of")?;
        Sides::Withdrawals
    } else if words.has("deposits") {
        words.must("of")?;
        Sides::Deposits
    } else {
        Sides::Both
    };
    let what = match words.word()? {
        "all" => Reach::All,
        "domain" => Reach::Domain(words.word()?.into()),
        "chain" => Reach::Chain(words.word()?.into()),
        "asset" => Reach::Asset(words.word()?.into()),
        "wallet" => Reach::Wallet(words.word()?.into()),
        other => return Err(format!("`{other}` is no scope")),
    };
    Ok(Scope { what, sides })
}

fn address(world: &World, name: &str) -> String {
    world.addresses.get(name).cloned().unwrap_or_else(|| name.to_string())
}

fn transfers(world: &World, text: &str) -> Read<Vec<Transfer>> {
    text.split("; ").filter(|t| !t.is_empty()).map(|t| transfer(world, t)).collect()
}

/// `t1 0.5 BTC from hot to bc1x`, `t2 authority:owner from hot to bc1x`, `t3 named:rent 1 SOL from hot to r`.
fn transfer(world: &World, text: &str) -> Read<Transfer> {
    let mut words = Words(text);
    let tx = words.word()?.to_string();
    let mut what = Moves::Amount;
    let (mut number, mut asset) = (0, String::from("BTC"));
    if let Some(code) = words.0.strip_prefix("authority:").map(|rest| rest.split(' ').next().unwrap_or("")) {
        what = Moves::Authority(code.into());
        words.word()?;
    } else {
        if let Some(code) = words.0.strip_prefix("named:").map(|rest| rest.split(' ').next().unwrap_or("")) {
            what = Moves::Named(code.into());
            words.word()?;
        }
        let (value, of) = quantity(world, &mut words)?;
        (number, asset) = (value, of.to_string());
    }
    words.must("from")?;
    let from = address(world, words.word()?);
    words.must("to")?;
    let to = address(world, words.word()?);
    let tag = words.option("tag").map(str::to_string);
    let fee = words.option("fee").map_or(Ok(0), |fee| amount(world, fee, &asset))?;
    let (failed, log) = (words.0.contains("failed"), words.0.contains("log"));
    Ok(Transfer { tx, from, to, asset, amount: number, tag, fee, fee_asset: None, failed, log, what })
}

fn effects(world: &World, text: &str) -> Read<Vec<Effect>> {
    if text == "nothing" {
        return Ok(Vec::new());
    }
    let one = |text: &str| {
        let mut words = Words(text);
        let operation = if words.has("delegate") {
            Operation::Delegate
        } else if words.has("burn") {
            Operation::Other("burn".into())
        } else {
            Operation::Transfer
        };
        let (amount, asset) = quantity(world, &mut words)?;
        words.must("to")?;
        let destination = address(world, words.word()?);
        let tag = words.option("tag").map(str::to_string);
        Ok(Effect { asset: asset.into(), amount, destination, tag, operation })
    };
    text.split("; ").map(one).collect()
}

fn descriptor(world: &World, words: &mut Words<'_>) -> Read<Descriptor> {
    let word = words.word()?;
    if let Some(tier) = Tier::named(word).filter(|_| words.has("wallets")) {
        return Ok(Descriptor::Tier(tier));
    }
    let known = world.addresses.contains_key(word);
    Ok(if known { Descriptor::Wallet(word.into()) } else { Descriptor::Address(word.into()) })
}

/// The fact that a row tells.
pub fn fact(world: &mut World, text: &str) -> Read<Observation> {
    let at = world.now;
    let exchange = || X.to_string();
    let (text, change) = match text.split_once(" under ") {
        Some((text, change)) if !text.starts_with("change ") => (text, Some(change.to_string())),
        _ => (text, None),
    };
    let mut w = Words(text);
    Ok(match w.word()? {
        "list" => {
            let asset = w.word()?.to_string();
            w.must("on")?;
            let (chain, decimals) = (w.word()?.to_string(), w.word()?.parse::<u8>().map_err(|e| e.to_string())?);
            world.digits.insert(asset.clone(), u32::from(decimals));
            AssetListed { exchange: exchange(), source: "house".into(), asset, chain, decimals }.into()
        }
        "wallet" => {
            let wallet = w.word()?.to_string();
            w.must("on")?;
            let chain = w.word()?.to_string();
            w.must("at")?;
            let address = w.word()?.to_string();
            w.must("in")?;
            let domain = w.word()?.to_string();
            let tier = Tier::named(w.word()?).ok_or("no tier")?;
            world.addresses.insert(wallet.clone(), address.clone());
            let source = "house".into();
            WalletRegistered { exchange: exchange(), source, wallet, chain, address, domain, tier, change }.into()
        }
        "watch" => {
            let chain = w.word()?.to_string();
            w.must("from")?;
            let sources: Vec<String> = w.word()?.split('+').map(str::to_string).collect();
            let number = |w: &mut Words<'_>, name: &str| -> Read<u64> {
                w.must(name)?;
                w.word()?.parse().map_err(|_| format!("{name} is a number"))
            };
            let (depth, behind) = (number(&mut w, "depth")?, number(&mut w, "behind")?);
            w.must("silence")?;
            let (silence, observed) = match w.0.strip_suffix(" observed") {
                Some(text) => (text, true),
                None => (w.0, false),
            };
            let silence = length(silence).ok_or("silence is a length")?;
            ChainWatched { exchange: exchange(), chain, sources, depth, behind, silence, observed, change }.into()
        }
        "price" => {
            let asset = w.word()?.to_string();
            let won = Exact::of(exact(w.word()?)?).ok_or("too large")?;
            w.must("on")?;
            let venue = w.word()?.into();
            PriceSeen { exchange: exchange(), asset, venue, won, at: dated(&w, at) }.into()
        }
        "balance" => {
            let wallet = w.word()?.to_string();
            let (balance, asset) = quantity(world, &mut w)?;
            let at = dated(&w, at);
            BalanceRead { exchange: exchange(), wallet, asset: asset.into(), balance, at }.into()
        }
        "holdings" => {
            let (held, asset) = quantity(world, &mut w)?;
            w.must("entrusted")?;
            let (entrusted, _) = quantity(world, &mut w)?;
            let at = dated(&w, at);
            HoldingsRead { exchange: exchange(), asset: asset.into(), held, entrusted, at }.into()
        }
        "enrol" => {
            let person = w.word()?.to_string();
            // `as 1`: a personnel number; `with 1`: a key, whose hash is the identity.
            let keyed = !w.has("as");
            if keyed {
                w.must("with")?;
            }
            let number: u8 = w.word()?.parse().map_err(|_| "an identity is a number")?;
            let identity = if keyed { identity_of(signer(number).verifier(ALGORITHM).public()) } else { [number; 32] };
            if keyed {
                world.keys.insert(person.clone(), number);
            }
            let groups: Vec<String> =
                if w.has("in") { w.0.split(", ").map(str::to_string).collect() } else { Vec::new() };
            PersonEnrolled { exchange: exchange(), person, identity, groups, change }.into()
        }
        "ask" => {
            let id = w.word()?.to_string();
            let (amount, asset) = quantity(world, &mut w)?;
            w.must("from")?;
            let wallet = w.word()?.to_string();
            w.must("to")?;
            let destination = w.word()?.to_string();
            w.must("for")?;
            let customer = w.word()?.to_string();
            WithdrawalAsked {
                exchange: exchange(),
                id,
                wallet,
                asset: asset.into(),
                amount,
                destination,
                tag: w.option("tag").map(str::to_string),
                customer,
                initiator: w.option("by").unwrap_or("api").into(),
                second_factor: (!w.0.contains("without factor")).then(|| "totp".to_string()),
                at: dated(&w, at),
            }
            .into()
        }
        word @ ("approve" | "reject") => {
            let id = w.word()?.to_string();
            w.must("by")?;
            let by = w.word()?.to_string();
            w.must("for")?;
            let group = w.word()?.to_string();
            let mut request = world.state.guard(X).and_then(|g| g.request(X, &id)).unwrap_or([0; 32]);
            if w.has("changed") {
                request = [1; 32];
            }
            let reject = word == "reject";
            let at = dated(&w, at);
            ApprovalGiven { exchange: exchange(), withdrawal: id, by, group, request, reject, at }.into()
        }
        "show" => {
            let withdrawal = w.word()?.to_string();
            PayloadShown { exchange: exchange(), withdrawal, effect: effects(world, w.0)?, at }.into()
        }
        "end" => {
            let withdrawal = w.word()?.to_string();
            let how = Ending::named(w.0).ok_or_else(|| format!("`{}` is no end", w.0))?;
            WithdrawalEnded { exchange: exchange(), withdrawal, how, at }.into()
        }
        // `block bitcoin 100a on 99a by n1 at 40 s: t1 …`
        "block" => {
            let chain = w.word()?.to_string();
            let hash = w.word()?.to_string();
            let height =
                hash.trim_end_matches(|c: char| c.is_alphabetic()).parse().map_err(|_| "a height, then letters")?;
            w.must("on")?;
            let parent = w.word()?.to_string();
            w.must("by")?;
            let (head, rest) = w.0.split_once(':').unwrap_or((w.0, ""));
            let mut head = Words(head);
            let source = head.word()?.to_string();
            let ago = if head.has("made") { length(head.0.trim_end_matches(" ago")).ok_or("a length")? } else { 0 };
            let transfers = transfers(world, rest.trim())?;
            // A block was made once, whoever reads it when.
            let made = Instant(at.0 - ago);
            let at = *world.blocks.entry((chain.clone(), hash.clone())).or_insert(made);
            BlockRead { exchange: exchange(), chain, source, height, hash, parent, at, transfers }.into()
        }
        "credit" => {
            let id = w.word()?.to_string();
            let (amount, asset) = quantity(world, &mut w)?;
            w.must("to")?;
            let customer = w.word()?.to_string();
            let (event, deposit) = (w.option("for").map(str::to_string), w.option("deposit").map(str::to_string));
            CreditAsked { exchange: exchange(), id, customer, asset: asset.into(), amount, event, deposit, at }.into()
        }
        "event" => {
            let event = w.word()?.to_string();
            let (budget, asset) = quantity(world, &mut w)?;
            let (by, at) = ("ops".into(), dated(&w, at));
            EventDeclared { exchange: exchange(), event, asset: asset.into(), budget, by, at, change }.into()
        }
        word @ ("allow" | "deny" | "hint" | "unallow" | "undeny" | "unhint") => {
            let (list, add) = match word.strip_prefix("un") {
                Some(list) => (list, false),
                None => (word, true),
            };
            let list = List::named(list).ok_or("no list")?;
            let (chain, address) = (w.word()?.to_string(), w.word()?.to_string());
            w.must("by")?;
            let source = w.word()?.to_string();
            let customer = w.option("for").map(str::to_string);
            let at = dated(&w, at);
            ListChanged { exchange: exchange(), source, list, chain, address, add, by: "ops".into(), at, customer }
                .into()
        }
        "suspend" => {
            let scope = scope(&mut w)?;
            w.must("by")?;
            let by = w.word()?.to_string();
            Suspended { exchange: exchange(), reason: w.0.into(), scope, by, at }.into()
        }
        "resume" => {
            let scope = scope(&mut w)?;
            let step = match w.word()? {
                "cause" => ResumptionStep::Cause(Cause::named(w.word()?).ok_or("no cause")?),
                "reconciled" => ResumptionStep::Reconciled,
                "told" => ResumptionStep::Told,
                "canary" => ResumptionStep::Canary(exact(w.word()?)?.to_integer().ok_or("whole won")?),
                "percent" => ResumptionStep::Percent(w.word()?.parse().map_err(|_| "a number")?),
                "full" => ResumptionStep::Full,
                "back" => ResumptionStep::Back,
                other => return Err(format!("`{other}` is no step")),
            };
            w.must("by")?;
            let by = w.word()?.to_string();
            ResumptionMoved { exchange: exchange(), reason: "see the minutes".into(), scope, step, by, at }.into()
        }
        // `mandate sweep BTC from deposit wallets to hot each 1 within 10 in 1 h fee 0.1 until 3 days`
        "mandate" => {
            let (id, asset) = (w.word()?.to_string(), w.word()?.to_string());
            w.must("from")?;
            let from = descriptor(world, &mut w)?;
            w.must("to")?;
            let to = descriptor(world, &mut w)?;
            w.must("each")?;
            let cap_each = amount(world, w.word()?, &asset)?;
            w.must("within")?;
            let cap_window = amount(world, w.word()?, &asset)?;
            w.must("in")?;
            let window = length(&format!("{} {}", w.word()?, w.word()?)).ok_or("a length")?;
            w.must("fee")?;
            let fee_cap = amount(world, w.word()?, &asset)?;
            w.must("until")?;
            let expires = at.plus(length(w.0).ok_or("a length")?);
            let by = "ops".to_string();
            MandateSigned {
                exchange: exchange(),
                id,
                from,
                to,
                asset,
                cap_each,
                cap_window,
                window,
                fee_cap,
                expires,
                by,
                change,
            }
            .into()
        }
        // `change p1 by lee that wallet … under p1`
        "change" => {
            let id = w.word()?.to_string();
            w.must("by")?;
            let by = w.word()?.to_string();
            w.must("that")?;
            let made = fact(world, w.0)?;
            let makes = makes(made.kind(), &made.encode());
            PolicyAsked { exchange: exchange(), change: w.0.into(), id, makes, by, at }.into()
        }
        // `ticket k1 from hot to bc1x [tag 7] cap 1 BTC for 60 min signed kim+lee [after …] [changed]`
        "ticket" => {
            let id = w.word()?.to_string();
            w.must("from")?;
            let wallet = w.word()?.to_string();
            w.must("to")?;
            let destination = address(world, w.word()?);
            let tag = if w.has("tag") { Some(w.word()?.to_string()) } else { None };
            w.must("cap")?;
            let (cap, asset) = quantity(world, &mut w)?;
            let asset = asset.to_string();
            w.must("for")?;
            let lasts = length(&format!("{} {}", w.word()?, w.word()?)).ok_or("a length")?;
            w.must("signed")?;
            let by: Vec<&str> = w.word()?.split('+').collect();
            let shown =
                if w.has("shown") { length(w.0.strip_suffix(" later").ok_or("later")?).ok_or("a length")? } else { 0 };
            let reason = "the gate is down".to_string();
            let mut ticket =
                Ticket { id, wallet, asset, destination, tag, cap, from: at, until: at.plus(lasts), reason };
            let text = ticket.text(X);
            let sign = |name: &&str| {
                let key = signer(world.keys.get(*name).copied().unwrap_or(99));
                let (public, signature) = (*key.verifier(ALGORITHM).public(), key.sign(text.as_bytes()));
                TicketSignature { by: (*name).to_string(), public, signature }
            };
            let signatures = by.iter().map(sign).collect();
            if w.0 == "changed" {
                ticket.cap += 1;
            }
            TicketSigned { exchange: exchange(), ticket, signatures, at: at.plus(shown) }.into()
        }
        "review" => {
            let ticket = w.word()?.to_string();
            w.must("by")?;
            let by = w.word()?.to_string();
            TicketReviewed { exchange: exchange(), finding: "as agreed".into(), ticket, by, at }.into()
        }
        "look" => GuardLooked { exchange: exchange(), at }.into(),
        other => return Err(format!("`{other}` is no fact")),
    })
}
