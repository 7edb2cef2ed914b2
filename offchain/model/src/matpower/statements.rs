//! Splits the text of a case file into statements: comments removed, lines joined.

/// One statement and the line (from 1) on which it starts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    pub line: usize,
    /// Text without comments and without the final `;`. Inside brackets line ends are kept;
    /// [`JOINED`] stands for a line end that `...` joined.
    pub text: String,
}

/// Stands for a joined line end, so that lines can still be counted.
pub(super) const JOINED: char = '\r';

/// Splits `text` at `;` and line ends outside brackets and strings.
pub(super) fn split(text: &str) -> Vec<Statement> {
    let mut splitter = Splitter::default();
    for (index, line) in text.lines().enumerate() {
        splitter.line(index + 1, line);
    }
    splitter.finish();
    splitter.done
}

#[derive(Default)]
struct Splitter {
    done: Vec<Statement>,
    text: String,
    start: usize,
    depth: usize,
}

impl Splitter {
    fn line(&mut self, number: usize, line: &str) {
        let mut in_string = false;
        let mut joined = false;
        for (at, c) in line.char_indices() {
            if !in_string && (c == '%' || line[at..].starts_with("...")) {
                joined = c != '%';
                break;
            }
            match c {
                '\'' => in_string = !in_string,
                '[' | '{' | '(' if !in_string => self.depth += 1,
                ']' | '}' | ')' if !in_string => self.depth = self.depth.saturating_sub(1),
                ';' if !in_string && self.depth == 0 => {
                    self.finish();
                    continue;
                }
                _ => {}
            }
            if self.text.is_empty() {
                if c.is_whitespace() {
                    continue;
                }
                self.start = number;
            }
            self.text.push(c);
        }
        if joined {
            self.text.push(JOINED);
        } else if self.depth > 0 {
            self.text.push('\n');
        } else {
            self.finish();
        }
    }

    fn finish(&mut self) {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if !text.is_empty() {
            self.done.push(Statement {
                line: self.start,
                text: text.to_owned(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(usize, String)> {
        split(text).into_iter().map(|s| (s.line, s.text)).collect()
    }

    #[test]
    fn comments_and_semicolons_end_statements() {
        let found = texts("a = 1; b = 2 % note; c = 3\n\n% all comment\nv = '2%;';");
        let expected = [(1, "a = 1"), (1, "b = 2"), (4, "v = '2%;'")];
        assert_eq!(found, expected.map(|(l, t)| (l, t.to_owned())));
    }

    #[test]
    fn matrices_keep_their_lines_and_dots_join() {
        let found = texts("m = [ % note\n1 2;\n3 4\n];\n[A, ...\n B] = idx;");
        assert_eq!(found[0], (1, "m = [ \n1 2;\n3 4\n]".to_owned()));
        assert_eq!(found[1], (5, "[A, \r B] = idx".to_owned()));
    }
}
