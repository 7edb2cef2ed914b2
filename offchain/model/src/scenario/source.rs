//! Where a scenario comes from: its file, the directory of files it names, and the environment
//! variables that override it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::error::ScenarioError;
use super::shipped;
use crate::Flaw;
use crate::profile;
use crate::words::{in_words, place};

/// Prefix of the environment variables that override keys.
const PREFIX: &str = "GRIDWEAVE_";
/// Between section and key in a variable.
const SEPARATOR: &str = "__";
/// Section of the keys outside any table.
const TOP: &str = "scenario";
/// Prefix of data that comes with this crate.
const SHIPPED: &str = "shipped:";

/// Origin of a scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Source {
    /// Name in errors.
    pub file: String,
    /// Directory against which file names are resolved.
    pub directory: PathBuf,
    /// Overridden keys and the variables that did it.
    overridden: BTreeMap<String, String>,
}

impl Source {
    pub fn new(file: impl Into<String>, directory: impl Into<PathBuf>) -> Self {
        Self {
            file: file.into(),
            directory: directory.into(),
            overridden: BTreeMap::new(),
        }
    }

    /// Parses `text`, overridden by those of `variables` named `GRIDWEAVE_<SECTION>__<KEY>`.
    pub fn parse<D: DeserializeOwned>(
        &mut self,
        text: &str,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<D, ScenarioError> {
        let mut table: Table = text.parse().map_err(|e| self.syntax_error(text, &e))?;
        for (variable, value) in variables {
            let name = variable.strip_prefix(PREFIX);
            if let Some((section, key)) = name.and_then(|name| name.split_once(SEPARATOR)) {
                let path = format!("{section}{SEPARATOR}{key}").to_lowercase();
                self.overlay(&mut table, &variable, &path, &value)?;
            }
        }
        serde_path_to_error::deserialize(table).map_err(|e| {
            let key = place(e.path());
            ScenarioError::Key {
                file: self.file_of(&key),
                reason: in_words(e.inner().message().trim()),
                key,
            }
        })
    }

    fn overlay(
        &mut self,
        table: &mut Table,
        variable: &str,
        path: &str,
        value: &str,
    ) -> Result<(), ScenarioError> {
        let mut parts: Vec<&str> = path.split(SEPARATOR).collect();
        if parts[0] == TOP {
            parts.remove(0);
        }
        let full = parts.join(".");
        let mut current = table;
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            let entry = current
                .entry(part)
                .or_insert_with(|| Value::Table(Table::new()));
            current = entry.as_table_mut().ok_or_else(|| ScenarioError::Key {
                file: format!("environment variable {variable}"),
                key: full.clone(),
                reason: format!("`{part}` is not a table, expected a key of a table"),
            })?;
        }
        current.insert(last.to_owned(), literal(value));
        self.overridden.insert(full, variable.to_owned());
        Ok(())
    }

    fn syntax_error(&self, text: &str, error: &toml::de::Error) -> ScenarioError {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or_default();
        ScenarioError::Syntax {
            file: self.file.clone(),
            line: before.matches('\n').count() + 1,
            reason: error.message().trim().to_owned(),
        }
    }

    /// The file, or the variable that overrode `key` or a table around it.
    pub fn file_of(&self, key: &str) -> String {
        let covers = |outer: &str| {
            let rest = key.strip_prefix(outer);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        match self.overridden.iter().find(|(outer, _)| covers(outer)) {
            Some((_, variable)) => format!("environment variable {variable}"),
            None => self.file.clone(),
        }
    }

    pub fn value_error(&self, flaw: Flaw) -> ScenarioError {
        ScenarioError::Value {
            file: self.file_of(&flaw.key),
            flaw,
        }
    }

    /// Reads the CSV file `name` that the value of `key` names.
    pub fn table(&self, key: &str, name: &str) -> Result<profile::Table, ScenarioError> {
        let table = match name.strip_prefix(SHIPPED) {
            None => profile::Table::load(&self.directory.join(name)),
            Some(inner) => match shipped::data(inner) {
                Some(text) => profile::Table::parse(name, text),
                None => {
                    let known = format!("one of {}", shipped::data_names());
                    return Err(self.value_error(Flaw::new(key, format!("\"{name}\""), known)));
                }
            },
        };
        table.map_err(|source| self.profile_error(key, source))
    }

    pub fn profile_error(&self, key: &str, source: profile::ProfileError) -> ScenarioError {
        ScenarioError::Profile {
            file: self.file_of(key),
            key: key.to_owned(),
            source: Box::new(source),
        }
    }
}

/// A TOML literal, or else the text itself.
fn literal(value: &str) -> Value {
    let parsed = format!("value = {value}").parse::<Table>();
    let value_of = |mut table: Table| table.remove("value").filter(|_| table.is_empty());
    let parsed = parsed.ok().and_then(value_of);
    parsed.unwrap_or_else(|| Value::String(value.to_owned()))
}
