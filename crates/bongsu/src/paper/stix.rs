//! Addresses and transactions of an incident for programs of others: a bundle of STIX 2.1 (OASIS).
//!
//! STIX has no object for a wallet or a transfer of its own; the community's extension has (<https://github.com/muchdogesec/stix2extensions>,
//! Apache-2.0), and its ids are used. It knows no chain: an extension of ours adds it. Ids are the same whenever the same is shared.

use super::answer::{must_explain, must_fix};
use super::reading::{Format, Reading};
use super::{Brief, Draft, Form};
use crate::incident::loss::Loss;
use crate::report::moment::iso;
use crate::trouble::Trouble;
use rulebook::facts::{Facts, Subject};
use rulebook::time::{Instant, Zone};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::{Uuid, uuid};

/// The bundle. Sharing it is no report: no event is recorded.
pub const BUNDLE: Form =
    Form { id: "stix.bundle", title: ("STIX 2.1 bundle of traces", "STIX 2.1 침해 지표 묶음"), acts: &[], draw };

/// The namespace of observables, by STIX 2.1, section 2.9.
const OBSERVABLES: Uuid = uuid!("00abedb4-aa42-466c-9c01-fed23315a9b7");

/// The namespace of everything else that Bongsu names; made once, at random.
const OURS: Uuid = uuid!("4fbd32cd-7a79-4106-a238-f3fc06c49478");

/// The community's wallet.
const WALLET: &str = "extension-definition--be78509e-6958-51b1-8b26-d17ee0eba2d7";

/// The community's transaction.
const TRANSACTION: &str = "extension-definition--151d042d-4dcf-5e44-843f-1024440318e5";

/// The Traffic Light Protocol 2.0 as STIX carries it.
const TLP: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// Its lights: our code, its name, its fixed id, its colour.
const LIGHTS: &[(&str, &str, &str, &str)] = &[
    ("clear", "TLP:CLEAR", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "clear"),
    ("green", "TLP:GREEN", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "green"),
    ("amber", "TLP:AMBER", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber"),
    ("amber_strict", "TLP:AMBER+STRICT", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "amber+strict"),
    ("red", "TLP:RED", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "red"),
];

/// The light where nobody said one: within the recipient's own organisation and its clients.
const UNSAID: &str = "amber";

/// When the protocol's markings were made; their definition is fixed.
const LIGHTS_MADE: &str = "2022-10-01T00:00:00.000Z";

/// When our extension was defined.
const CHAIN_MADE: &str = "2026-11-25T00:00:00.000Z";

fn draw(brief: &Brief<'_, '_>) -> Result<Draft, Trouble> {
    let mut draft = Draft::default();
    let reading = Reading::new(brief, Format::Fire);
    let of = reading.incident();
    let said = reading.own_code(of, "sharing").unwrap_or_else(|| UNSAID.to_owned());
    let light = LIGHTS.iter().find(|(own, ..)| *own == said);
    if light.is_none() {
        let known: Vec<&str> = LIGHTS.iter().map(|(own, ..)| *own).collect();
        let expected = format!("one of {}; found `{said}`", known.join(", "));
        draft.problems.push(must_fix("sharing", expected, "record `sharing`: how far the bundle may travel"));
    }
    // A light that nobody can read stops everything: red.
    let light = light.unwrap_or(&LIGHTS[LIGHTS.len() - 1]);
    let mut bundle = Bundle::new(brief, light);
    let wallets = bundle.wallets(brief);
    let lacking = bundle.transactions(brief, &wallets);
    for name in lacking {
        let expected = format!("the asset that `{name}` moved; the transaction is left out");
        let hint = "import the subject again with `asset/…` among what it refers to";
        draft.problems.push(must_explain("transaction", expected, hint));
    }
    if bundle.observables.is_empty() {
        let hint = "import subjects of the kinds `address` and `transaction` that refer to the incident";
        draft.problems.push(must_fix("observables", "an address or a transaction of the incident", hint));
    }
    bundle.incident(brief, &reading);
    draft.files = vec![(String::from("stix.json"), bundle.bytes(brief))];
    Ok(draft)
}

struct Bundle {
    objects: Vec<Value>,
    /// Ids of observables.
    observables: Vec<String>,
    /// Ids of what the grouping holds.
    grouped: Vec<String>,
    created: String,
    modified: String,
    maker: String,
    marking: &'static str,
}

/// A stable id of our own for something of the incident.
fn id_of(kind: &str, name: &str) -> String {
    format!("{kind}--{}", Uuid::new_v5(&OURS, name.as_bytes()))
}

/// The id of an observable: a hash of what makes it that one, keys in order.
pub fn observable_id(kind: &str, contributing: &BTreeMap<&str, &str>) -> String {
    // Texts under ordered keys: what serde writes is what the canonical form (RFC 8785) asks for.
    let canonical = serde_json::to_string(contributing).unwrap_or_default();
    format!("{kind}--{}", Uuid::new_v5(&OBSERVABLES, canonical.as_bytes()))
}

/// A moment in the form that STIX wants, with thousandths.
fn timestamp(at: Instant) -> String {
    let text = iso(at, &Zone::utc()).replace("+00:00", "");
    if text.contains('.') { format!("{text}Z") } else { format!("{text}.000Z") }
}

/// Chain and address of a name such as `solana:5Fq…`; the chain may have parts of its own, as in `eip155:1:0x…`.
fn chain_of(name: &str) -> (Option<&str>, &str) {
    name.rsplit_once(':').map_or((None, name), |(chain, value)| (Some(chain), value))
}

impl Bundle {
    fn new(brief: &Brief<'_, '_>, light: &(&str, &str, &'static str, &str)) -> Bundle {
        let dossier = brief.dossier;
        // Valid time: the same facts make the same bundle, whenever they were journaled.
        let first = brief.points.iter().map(|point| point.at).min().unwrap_or(dossier.as_of).min(dossier.as_of);
        let mut bundle = Bundle {
            objects: Vec::new(),
            observables: Vec::new(),
            grouped: Vec::new(),
            created: timestamp(first),
            modified: timestamp(dossier.as_of),
            maker: id_of("identity", dossier.exchange),
            marking: light.2,
        };
        bundle.objects.push(json!({
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": light.2,
            "created": LIGHTS_MADE,
            "name": light.1,
            "extensions": { TLP: { "extension_type": "property-extension", "tlp_2_0": light.3 } },
        }));
        let identity = json!({
            "name": dossier.registered.name_en,
            "identity_class": "organization",
            "sectors": ["financial-services"],
        });
        bundle.domain("identity", bundle.maker.clone(), identity);
        bundle
    }

    /// Adds an object of ours, with its dates, maker and marking.
    fn domain(&mut self, kind: &str, id: String, rest: Value) {
        let mut object = json!({
            "type": kind,
            "spec_version": "2.1",
            "id": id,
            "created": self.created,
            "modified": self.modified,
            "object_marking_refs": [self.marking],
        });
        if kind != "identity" {
            object["created_by_ref"] = json!(self.maker);
        }
        merge(&mut object, rest);
        self.objects.push(object);
        self.grouped.push(id);
    }

    /// Adds an observable, and when it was first seen.
    fn observable(&mut self, kind: &str, id: String, rest: Value, seen: &[Instant]) {
        let mut object =
            json!({ "type": kind, "spec_version": "2.1", "id": id, "object_marking_refs": [self.marking] });
        merge(&mut object, rest);
        self.objects.push(object);
        self.observables.push(id.clone());
        if let (Some(first), Some(last)) = (seen.iter().min(), seen.iter().max()) {
            let observed = json!({
                "first_observed": timestamp(*first),
                "last_observed": timestamp(*last),
                "number_observed": seen.len(),
                "object_refs": [id],
            });
            self.domain("observed-data", id_of("observed-data", &format!("{}/{id}", self.maker)), observed);
        }
    }

    /// The addresses, by their subject's number: the ids of their wallets.
    fn wallets(&mut self, brief: &Brief<'_, '_>) -> BTreeMap<Subject, String> {
        let dossier = brief.dossier;
        let mut ids = BTreeMap::new();
        let mut found: BTreeMap<&str, (BTreeSet<&str>, Vec<Instant>)> = BTreeMap::new();
        for (subject, name) in dossier.related("address") {
            let (chain, address) = chain_of(name);
            ids.insert(subject, observable_id("cryptocurrency-wallet", &BTreeMap::from([("value", address)])));
            let (chains, seen) = found.entry(address).or_default();
            chains.extend(chain);
            seen.extend(dossier.moments_of(subject, "address_seen"));
        }
        if found.values().any(|(chains, _)| !chains.is_empty()) {
            self.chain_extension();
        }
        for (address, (chains, seen)) in found {
            let id = observable_id("cryptocurrency-wallet", &BTreeMap::from([("value", address)]));
            let mut extensions = json!({ WALLET: { "extension_type": "new-sco" } });
            if !chains.is_empty() {
                extensions[chain_id()] = json!({ "extension_type": "property-extension", "chains": chains });
            }
            let wallet = json!({ "value": address, "extensions": extensions });
            self.observable("cryptocurrency-wallet", id, wallet, &seen);
        }
        ids
    }

    /// The transactions that moved a known asset; the names of those that did not.
    fn transactions<'s>(&mut self, brief: &Brief<'_, 's>, wallets: &BTreeMap<Subject, String>) -> Vec<&'s str> {
        let dossier = brief.dossier;
        let kind = |name: &str| dossier.state.vocabulary().kind(name);
        let refers = |subject, to: &str| kind(to).and_then(|kind| dossier.view.refers(subject, kind));
        let mut lacking = Vec::new();
        for (subject, name) in dossier.related("transaction") {
            let Some(asset) = refers(subject, "asset").map(|asset| dossier.registered.record.name(asset)) else {
                lacking.push(name);
                continue;
            };
            let (_, hash) = chain_of(name);
            let id = observable_id("cryptocurrency-transaction", &BTreeMap::from([("symbol", asset), ("value", hash)]));
            let mut transaction = json!({
                "symbol": asset,
                "value": hash,
                "extensions": { TRANSACTION: { "extension_type": "new-sco" } },
            });
            let by_loss = |(loss, _): &(Subject, &str)| refers(*loss, "transaction") == Some(subject);
            let loss = dossier.related("loss").into_iter().find(by_loss);
            if let Some(began) = loss.and_then(|(loss, _)| dossier.moments_of(loss, "loss_began").first().copied()) {
                transaction["execution_time"] = json!(timestamp(began));
            }
            if let Some(wallet) = refers(subject, "address").and_then(|address| wallets.get(&address)) {
                let mut output = json!({ "address_ref": wallet });
                let quantity = loss.and_then(|(loss, _)| dossier.number_of(loss, "loss_quantity"));
                let amount = quantity.and_then(|quantity| quantity.to_string().parse::<serde_json::Number>().ok());
                if let Some(amount) = amount {
                    output["amount"] = Value::Number(amount);
                }
                transaction["output"] = json!([output]);
            }
            let seen = dossier.moments_of(subject, "transaction_seen");
            self.observable("cryptocurrency-transaction", id, transaction, &seen);
        }
        lacking
    }

    /// The extension that adds the chain to a wallet, and who defined it.
    fn chain_extension(&mut self) {
        let maker = id_of("identity", "Bongsu");
        let dates = json!({ "spec_version": "2.1", "created": CHAIN_MADE, "modified": CHAIN_MADE });
        let mut identity = json!({ "type": "identity", "id": maker, "name": "Bongsu", "identity_class": "system" });
        merge(&mut identity, dates.clone());
        let mut extension = json!({
            "type": "extension-definition",
            "id": chain_id(),
            "created_by_ref": maker,
            "name": "Chain of a cryptocurrency wallet",
            "description": "chains: the networks that the address was seen on, as namespace or as namespace and reference of CAIP-2.",
            "schema": "chains: list of string",
            "version": "1.0.0",
            "extension_types": ["property-extension"],
        });
        merge(&mut extension, dates);
        self.objects.extend([identity, extension]);
    }

    /// The incident, a note of what was lost, and the grouping that holds everything.
    fn incident(&mut self, brief: &Brief<'_, '_>, reading: &Reading<'_, '_, '_>) {
        let dossier = brief.dossier;
        let name = |kind: &str| format!("{}/{}/{kind}", dossier.exchange, dossier.id());
        let title = reading.text("title").unwrap_or_else(|| dossier.id().to_owned());
        let incident = id_of("incident", &name("incident"));
        let mut stub = json!({ "name": title });
        if let Some(text) = reading.text("description") {
            stub["description"] = json!(text);
        }
        self.domain("incident", incident.clone(), stub);
        let lines: Vec<String> = brief.losses.iter().map(line).collect();
        if !lines.is_empty() {
            let note = json!({ "abstract": "losses", "content": lines.join("\n"), "object_refs": [incident] });
            self.domain("note", id_of("note", &name("losses")), note);
        }
        let refs: Vec<String> = self.grouped.iter().chain(&self.observables).cloned().collect();
        let grouping = json!({ "name": title, "context": "suspicious-activity", "object_refs": refs });
        self.domain("grouping", id_of("grouping", &name("grouping")), grouping);
    }

    fn bytes(self, brief: &Brief<'_, '_>) -> Vec<u8> {
        let dossier = brief.dossier;
        let id = id_of("bundle", &format!("{}/{}/{}", dossier.exchange, dossier.id(), self.modified));
        let bundle = json!({ "type": "bundle", "id": id, "objects": self.objects });
        let mut bytes = serde_json::to_vec_pretty(&bundle).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

fn chain_id() -> String {
    id_of("extension-definition", "chain of a cryptocurrency wallet")
}

fn line(loss: &Loss<'_>) -> String {
    let asset = loss.asset.unwrap_or(loss.name);
    let quantity = loss.quantity.as_ref().map(|quantity| format!(" {quantity}")).unwrap_or_default();
    let value = loss.value.as_ref().map(|value| format!(", KRW {value}")).unwrap_or_default();
    format!("{asset}{quantity}{value}")
}

fn merge(object: &mut Value, rest: Value) {
    if let (Value::Object(object), Value::Object(rest)) = (object, rest) {
        let rest: Map<String, Value> = rest;
        object.extend(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids that the community's own library (stix2extensions 2.3.5 on stix2) gives.
    #[test]
    fn ids_are_those_of_the_community() {
        let wallet = BTreeMap::from([("value", "1KFHE7w8BhaENAswwryaoccDb6qcT6DbYY")]);
        assert_eq!(
            observable_id("cryptocurrency-wallet", &wallet),
            "cryptocurrency-wallet--27fadc91-1e1c-5474-988f-07a16840be45"
        );
        let transaction = BTreeMap::from([("symbol", "SOL"), ("value", "5abc")]);
        assert_eq!(
            observable_id("cryptocurrency-transaction", &transaction),
            "cryptocurrency-transaction--fc0476f4-afd9-52fc-81ff-38762ca7f62d"
        );
    }

    #[test]
    fn names_tell_the_chain() {
        assert_eq!(chain_of("solana:5Fq"), (Some("solana"), "5Fq"));
        assert_eq!(chain_of("eip155:1:0xab"), (Some("eip155:1"), "0xab"));
        assert_eq!(chain_of("5Fq"), (None, "5Fq"));
    }
}
