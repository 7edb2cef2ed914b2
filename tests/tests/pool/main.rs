//! The pool mode of the `coordinator`.
