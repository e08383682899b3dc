//! Markdown tables.

use std::fmt;

/// A table with a title above and notes below.
#[derive(Debug)]
pub struct Table {
    title: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    /// A table without rows; the cells of its head are separated as in Markdown.
    pub fn new(title: impl Into<String>, head: &str) -> Self {
        let head = head.split(" | ").map(str::to_owned).collect();
        Self {
            title: title.into(),
            head,
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a row; missing cells are empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut cells: Vec<_> = cells.into_iter().collect();
        cells.resize(self.head.len(), String::new());
        self.rows.push(cells);
    }

    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules: Vec<_> = self.head.iter().map(|_| "---".to_owned()).collect();
        writeln!(f, "\n### {}\n", self.title)?;
        for row in [&self.head, &rules].into_iter().chain(&self.rows) {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        for note in &self.notes {
            writeln!(f, "\n{note}")?;
        }
        Ok(())
    }
}

/// A number with three significant digits and thousands in groups, such as `46 600` or `0.0230`; a dash where there is none.
pub fn figure(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let magnitude = if value == 0.0 {
        0
    } else {
        value.abs().log10().floor() as i32
    };
    if magnitude <= 2 {
        let decimals = usize::try_from(2 - magnitude).unwrap_or(0).min(5);
        return format!("{value:.decimals$}");
    }
    let unit = 10_f64.powi(magnitude - 2);
    let digits = format!("{:.0}", (value / unit).round() * unit);
    grouped(&digits)
}

/// A whole number with thousands in groups, such as `1 234 567`.
pub fn count(value: impl fmt::Display) -> String {
    grouped(&value.to_string())
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_significant_digits() {
        for (value, text) in [
            (0.0, "0.00"),
            (0.02346, "0.0235"),
            (2.71, "2.71"),
            (46_633.0, "46 600"),
            (999.0, "999"),
            (f64::INFINITY, "–"),
        ] {
            assert_eq!(figure(value), text);
        }
        assert_eq!(count(1_234_567), "1 234 567");
        assert_eq!(count(-123_456), "-123 456");
    }

    #[test]
    fn a_table_is_markdown() {
        let mut table = Table::new("Title", "a | b");
        table.row(["1".into()]);
        table.note("Note.");

        assert_eq!(
            table.to_string(),
            "\n### Title\n\n| a | b |\n| --- | --- |\n| 1 |  |\n\nNote.\n"
        );
    }
}
