//! The API's document, OpenAPI 3.1, made of the table of routes and the shapes that the handlers read.

use super::problem::ProblemBody;
use super::route::ROUTES;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The document.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| {
        s.definitions_path = "/components/schemas".into();
        s.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<ProblemBody>();
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        // The router marks a place that takes the rest of a path; a template of OpenAPI does not.
        let path = route.path.replace("{*", "{");
        let places: Vec<Value> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect();
        let gives = route.gives.map_or_else(|| json!({}), |gives| json!(gives(&mut generator)));
        let content = |schema: &Value| {
            let mut content = Map::from_iter([("application/json".to_string(), json!({"schema": schema}))]);
            if route.cbor {
                content.insert("application/cbor".into(), json!({"schema": schema}));
            }
            Value::Object(content)
        };
        let roles: Vec<&str> = route.roles.iter().map(|role| role.name()).collect();
        let mut operation = json!({
            "summary": route.summary,
            "description": format!("Roles: {}.", roles.join(", ")),
            "security": [{"signature": roles}],
            "responses": {
                "2XX": {"description": "taken", "content": content(&gives)},
                "default": {"description": "not taken", "content": {"application/problem+json": {"schema": problem}}},
            },
        });
        if !places.is_empty() {
            operation["parameters"] = Value::Array(places);
        }
        if let Some(takes) = route.takes {
            let takes = json!(takes(&mut generator));
            operation["requestBody"] = json!({"required": true, "content": content(&takes)});
        }
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        methods[route.method.to_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "bongsu gate", "version": env!("CARGO_PKG_VERSION"), "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
                 "description": "Decides before anything is signed. Every request is signed by RFC 9421; docs/gate.md says how."},
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {"signature": {"type": "http", "scheme": "signature",
                "description": "HTTP message signature, Ed25519, over @method, @path, @query and content-digest"}},
        },
    })
}

/// The document as a file.
pub fn text() -> String {
    let text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text + "\n"
}
