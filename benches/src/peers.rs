//! The same conditions in cel, zen-expression and regorus, each compiled once and its context reused.

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use std::hint::black_box;
use zen_expression::expression::Standard;
use zen_expression::scope::Scope;
use zen_expression::variable::Variable;
use zen_expression::vm::VM;
use zen_expression::{Expression, Isolate};

/// A condition that another engine compiled.
pub trait Peer {
    /// What it answers, in our words where it means the same.
    fn answer(&mut self) -> String;
    /// One evaluation, for timing.
    fn evaluate(&mut self);
}

type Compile = fn(&str, &[(&str, &str)]) -> Result<Box<dyn Peer>, String>;

/// The engines by name and version.
pub const ENGINES: [(&str, Compile); 3] =
    [("cel 0.15", cel), ("zen-expression 2.1", zen), ("regorus 0.14 (RVM)", rego)];

/// A condition as an engine writes it; `$x` is a fact, `&&` and `!` as in cel.
fn spell(condition: &str, fact: &str, and: &str, not: &str) -> String {
    condition.replace('$', fact).replace("&&", and).replace('!', not)
}

/// Facts as JSON, the form in which all three take them.
fn json(facts: &[(&str, &str)]) -> serde_json::Value {
    facts
        .iter()
        .map(|(name, text)| (String::from(*name), serde_json::from_str(text).expect("facts are numbers")))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn truth(answer: &str) -> String {
    String::from(match answer {
        "true" => "yes",
        "false" => "no",
        other => other,
    })
}

struct Cel {
    program: cel::Program,
    context: cel::Context<'static, 'static>,
}

fn cel(condition: &str, facts: &[(&str, &str)]) -> Result<Box<dyn Peer>, String> {
    let program = cel::Program::compile(&spell(condition, "", "&&", "!")).map_err(refused)?;
    let mut context = cel::Context::default();
    if let serde_json::Value::Object(facts) = json(facts) {
        for (name, value) in facts {
            match value.as_i64() {
                Some(whole) => context.add_variable_from_value(name, whole),
                None => context.add_variable_from_value(name, value.as_f64().unwrap_or_default()),
            }
        }
    }
    Ok(Box::new(Cel { program, context }))
}

impl Peer for Cel {
    fn answer(&mut self) -> String {
        match self.program.execute(&self.context) {
            Ok(cel::Value::Bool(answer)) => truth(&answer.to_string()),
            Ok(other) => format!("{other:?}"),
            Err(e) => format!("error: {}", first_line(&e.to_string())),
        }
    }

    fn evaluate(&mut self) {
        let _ = black_box(self.program.execute(black_box(&self.context)));
    }
}

struct Zen {
    expression: Expression<Standard>,
    scope: Scope,
    vm: VM,
}

fn zen(condition: &str, facts: &[(&str, &str)]) -> Result<Box<dyn Peer>, String> {
    let expression = Isolate::new().compile_standard(&spell(condition, "", "and", "not ")).map_err(refused)?;
    Ok(Box::new(Zen { expression, scope: Scope::new(Variable::from(json(facts))), vm: VM::new() }))
}

impl Peer for Zen {
    fn answer(&mut self) -> String {
        match self.expression.evaluate_with_scope(&self.scope, &mut self.vm) {
            Ok(value) => truth(&value.to_string()),
            Err(e) => format!("error: {}", first_line(&e.to_string())),
        }
    }

    fn evaluate(&mut self) {
        let _ = black_box(self.expression.evaluate_with_scope(black_box(&self.scope), &mut self.vm));
    }
}

struct Rego(RegoVM);

fn rego(condition: &str, facts: &[(&str, &str)]) -> Result<Box<dyn Peer>, String> {
    let entry = "data.bench.answer";
    let mut engine = regorus::Engine::new();
    let condition = spell(condition, "input.", ";", "not ");
    let text = format!("package bench\nimport rego.v1\nanswer if {{ {condition} }}\n");
    engine.add_policy(String::from("bench.rego"), text).map_err(refused)?;
    let policy = engine.compile_with_entrypoint(&entry.into()).map_err(refused)?;
    let program = Compiler::compile_from_policy(&policy, &[entry]).map_err(refused)?;
    let mut vm = RegoVM::new();
    vm.load_program(program);
    vm.set_input(regorus::Value::from_json_str(&json(facts).to_string()).map_err(refused)?);
    Ok(Box::new(Rego(vm)))
}

impl Peer for Rego {
    fn answer(&mut self) -> String {
        match self.0.execute() {
            Ok(regorus::Value::Undefined) => String::from("undefined"),
            Ok(value) => truth(&value.to_string()),
            Err(e) => format!("error: {}", first_line(&e.to_string())),
        }
    }

    fn evaluate(&mut self) {
        let _ = black_box(black_box(&mut self.0).execute());
    }
}

fn refused(error: impl ToString) -> String {
    format!("refused: {}", first_line(&error.to_string()))
}

fn first_line(text: &str) -> String {
    text.lines().find(|l| !l.trim().is_empty()).unwrap_or("").trim().replace('|', "/")
}
