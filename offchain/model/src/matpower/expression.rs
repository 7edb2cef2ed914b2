//! Scalar arithmetic of case files: numbers, names, `+ - * / ^`, parentheses and calls.

/// Resolves names and calls in an expression.
pub(super) trait Names {
    /// Value of a plain name such as `Vbase` or `mpc.baseMVA`.
    fn value(&self, name: &str) -> Option<f64>;
    /// Value of `name(args…)`, such as `sqrt(3)` or `mpc.bus(1, BASE_KV)`.
    fn call(&self, name: &str, args: &[f64]) -> Option<f64>;
}

/// Evaluates `text`; `None` for anything that is not understood completely.
pub(super) fn evaluate(text: &str, names: &dyn Names) -> Option<f64> {
    let mut parser = Parser::new(text, names);
    let value = parser.sum()?;
    parser.at_end().then_some(value)
}

/// Evaluates a chain of factors such as `/ (Vbase^2 / Sbase) * 2` to the number that the left
/// operand is multiplied with.
pub(super) fn scale(text: &str, names: &dyn Names) -> Option<f64> {
    let mut parser = Parser::new(text, names);
    let value = parser.factors(1.0)?;
    parser.at_end().then_some(value)
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    names: &'a dyn Names,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, names: &'a dyn Names) -> Self {
        let text = text.as_bytes();
        Self { text, at: 0, names }
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    fn sum(&mut self) -> Option<f64> {
        let mut value = self.product()?;
        loop {
            if self.take(b'+') {
                value += self.product()?;
            } else if self.take(b'-') {
                value -= self.product()?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let first = self.signed()?;
        self.factors(first)
    }

    fn factors(&mut self, first: f64) -> Option<f64> {
        let mut value = first;
        loop {
            if self.take(b'*') {
                value *= self.signed()?;
            } else if self.take(b'/') {
                value /= self.signed()?;
            } else {
                return Some(value);
            }
        }
    }

    fn signed(&mut self) -> Option<f64> {
        if self.take(b'-') {
            return Some(-self.signed()?);
        }
        if self.take(b'+') {
            return self.signed();
        }
        self.power()
    }

    fn power(&mut self) -> Option<f64> {
        let base = self.atom()?;
        if self.take(b'^') {
            return Some(base.powf(self.atom()?));
        }
        Some(base)
    }

    fn atom(&mut self) -> Option<f64> {
        if self.take(b'(') {
            let value = self.sum()?;
            return self.take(b')').then_some(value);
        }
        match self.peek()? {
            c if c.is_ascii_digit() || c == b'.' => self.number(),
            c if c.is_ascii_alphabetic() => self.name(),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<f64> {
        let start = self.at;
        while let Some(&c) = self.text.get(self.at) {
            let exponent_sign = matches!(c, b'+' | b'-')
                && matches!(self.text[self.at - 1], b'e' | b'E')
                && self.at > start;
            if !(c.is_ascii_digit() || matches!(c, b'.' | b'e' | b'E') || exponent_sign) {
                break;
            }
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.text[start..self.at]).ok()?;
        text.parse().ok()
    }

    fn name(&mut self) -> Option<f64> {
        let start = self.at;
        let inside = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.');
        while self.text.get(self.at).is_some_and(inside) {
            self.at += 1;
        }
        let name = std::str::from_utf8(&self.text[start..self.at]).ok()?;
        if !self.take(b'(') {
            return self.names.value(name);
        }
        let mut args = vec![self.sum()?];
        while self.take(b',') {
            args.push(self.sum()?);
        }
        if !self.take(b')') {
            return None;
        }
        self.names.call(name, &args)
    }
}

/// The functions and constants that need no case.
pub(super) fn builtin(name: &str, args: &[f64]) -> Option<f64> {
    match (name, args) {
        ("sqrt", [x]) => Some(x.sqrt()),
        ("sin", [x]) => Some(x.sin()),
        ("cos", [x]) => Some(x.cos()),
        ("tan", [x]) => Some(x.tan()),
        ("asin", [x]) => Some(x.asin()),
        ("acos", [x]) => Some(x.acos()),
        ("atan", [x]) => Some(x.atan()),
        ("pi", []) => Some(std::f64::consts::PI),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Plain;

    impl Names for Plain {
        fn value(&self, name: &str) -> Option<f64> {
            match name {
                "Vbase" => Some(12e3),
                _ => builtin(name, &[]),
            }
        }
        fn call(&self, name: &str, args: &[f64]) -> Option<f64> {
            builtin(name, args)
        }
    }

    #[test]
    fn arithmetic_follows_the_usual_precedence() {
        for (text, expected) in [
            ("1 + 2 * 3", 7.0),
            ("-2^2", -4.0),
            ("(1 + 2) * 3 / 2", 4.5),
            ("1e3 - .5e-1", 999.95),
            ("Vbase^2 / 1e6", 144.0),
            ("sqrt(9)", 3.0),
            ("135/sqrt(9)", 45.0),
        ] {
            assert_eq!(evaluate(text, &Plain), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_scale_is_a_chain_of_factors_only() {
        assert_eq!(scale("/ (Vbase^2 / 1e6)", &Plain), Some(1.0 / 144.0));
        assert_eq!(scale("/ 2 * 3", &Plain), Some(1.5));
        assert_eq!(scale("* 2 + 1", &Plain), None);
    }

    #[test]
    fn what_is_not_understood_is_none() {
        for text in ["", "1 +", "unknown", "f(1)", "(1", "1 2", "[1]", "é"] {
            assert_eq!(evaluate(text, &Plain), None, "{text}");
        }
    }
}
