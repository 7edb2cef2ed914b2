//! Folders of this user, outside any project.

use std::env;
use std::path::PathBuf;

/// What can be built again: `GRIDWEAVE_CACHE`, or `gridweave` in the user's cache folder.
pub fn cache() -> PathBuf {
    folder("GRIDWEAVE_CACHE", "XDG_CACHE_HOME", ".cache")
}

/// What runs keep: `GRIDWEAVE_HOME`, or `gridweave` in the user's state folder.
pub fn state() -> PathBuf {
    folder("GRIDWEAVE_HOME", "XDG_STATE_HOME", ".local/state")
}

/// The folder in variable `own`, else `gridweave` below the one in `base` or `default` of the home.
fn folder(own: &str, base: &str, default: &str) -> PathBuf {
    choose(variable(own), variable(base), env::home_dir(), default)
}

/// An empty variable counts as none.
fn variable(name: &str) -> Option<PathBuf> {
    let value = env::var_os(name)?;
    (!value.is_empty()).then(|| value.into())
}

fn choose(
    own: Option<PathBuf>,
    base: Option<PathBuf>,
    home: Option<PathBuf>,
    default: &str,
) -> PathBuf {
    own.unwrap_or_else(|| {
        base.unwrap_or_else(|| home.unwrap_or_default().join(default))
            .join("gridweave")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_choice_wins() {
        let path = |text: &str| Some(PathBuf::from(text));
        let chosen = |own, base| choose(own, base, path("/home/me"), ".cache");
        assert_eq!(chosen(path("/own"), path("/base")), PathBuf::from("/own"));
        assert_eq!(
            chosen(None, path("/base")),
            PathBuf::from("/base/gridweave")
        );
        assert_eq!(
            chosen(None, None),
            PathBuf::from("/home/me/.cache/gridweave")
        );
    }
}
