//! What is written about the gate is what it does: the API's document, the table of codes, the table of routes.

use bongsu::serve::gate::{openapi, problem::CODES, route::ROUTES};

const PAGE: &str = include_str!("../../../../docs/gate.md");

#[test]
fn the_document_is_that_of_the_routes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    if std::env::var_os("BONGSU_BLESS").is_some() {
        std::fs::write(path, openapi::text()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(kept == openapi::text(), "docs/openapi.json is of other routes: BONGSU_BLESS=1 writes it anew");
    // Every shape that is named is there.
    let document = openapi::document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (at, _) in kept.match_indices("#/components/schemas/") {
        let name = kept[at + 21..].split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
}

#[test]
fn the_page_lists_every_code_and_no_other() {
    let rows = rows("| code | status | meaning |");
    let expected: Vec<String> =
        CODES.iter().map(|(code, status, meaning)| format!("| `{code}` | {status} | {meaning} |")).collect();
    assert_eq!(rows, expected);
}

#[test]
fn the_page_lists_every_route_and_no_other() {
    let row = |route: &bongsu::serve::gate::route::Route| {
        let roles: Vec<&str> = route.roles.iter().map(|role| role.name()).collect();
        format!("| {} `{}` | {} | {} |", route.method, route.path, roles.join(", "), route.summary)
    };
    let expected: Vec<String> = ROUTES.iter().map(row).collect();
    assert_eq!(rows("| route | roles | what |"), expected);
}

/// The rows of the table under a heading line.
fn rows(head: &str) -> Vec<String> {
    let mut lines = PAGE.lines().skip_while(|line| *line != head).skip(2);
    let rows: Vec<String> = lines.by_ref().take_while(|line| line.starts_with('|')).map(str::to_string).collect();
    assert!(!rows.is_empty(), "docs/gate.md has no table under {head}");
    rows
}

#[test]
fn the_worked_example_is_what_a_client_signs() {
    use bongsu::serve::gate::signature::{Message, base, sign};
    let body = br#"{"at":1795580000000}"#;
    let message = Message { method: "POST", path: "/v1/withdrawals/w-1/cancel", query: "", body };
    let key = super::stage::key("api");
    let headers = sign(&key, &message, 1_795_580_000, "0123456789abcdef");
    let parameters = headers[1].1.strip_prefix("sig=").unwrap();
    let covered: Vec<String> = ["@method", "@path", "@query", "content-digest"].map(String::from).to_vec();
    let sent: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let public = key.verifier(journal::note::Algorithm::Ed25519);
    let example = format!(
        "```\npublic key  {public}\nbody        {}\n\nsignature base:\n{}\n\nheaders:\n{}\n```\n",
        String::from_utf8_lossy(body),
        base(&message, &covered, parameters),
        sent.join("\n")
    );
    assert!(PAGE.contains(&example), "docs/gate.md should show:\n{example}");
}
