//! A scenario file for an imported case.

use std::fmt::Write;

use super::Case;

impl Case {
    /// A complete scenario (TOML) on this network: its branches and peak loads written out, the
    /// devices placed at random as in the shipped scenarios. Edit it, or run it as it is.
    pub fn to_scenario(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let base = &self.base;
        let name = toml::Value::String(self.name.clone());
        writeln!(out, "name = {name}")?;
        writeln!(out, "description = \"Imported from a MATPOWER case.\"")?;
        writeln!(out, "seed = 1\nhorizon = 24\ninterval_minutes = 60\n")?;
        for warning in &self.warnings {
            writeln!(out, "# {warning}")?;
        }
        writeln!(out, "[generator]\nbus = {}\nalpha = 5.0", self.root)?;
        writeln!(
            out,
            "beta = {{ csv = \"shipped:price_24h.csv\", column = \"price\", scale = 3.0 }}\n"
        )?;
        writeln!(out, "[load]\npeak = [")?;
        for (bus, (p, q)) in self.peak.iter().filter(|(_, load)| **load != (0.0, 0.0)) {
            let (kw, kvar) = (p * 1e3, q * 1e3);
            writeln!(out, "  {{ bus = {bus}, kw = {kw:?}, kvar = {kvar:?} }},")?;
        }
        writeln!(
            out,
            "]\n\n[solar]\n\n[battery]\n\n[shapable]\n\n[deferrable]\n"
        )?;
        writeln!(
            out,
            "[grid]\nimpedance = \"pu\"\nimpedance_base_mva = {:?}",
            base.base_mva
        )?;
        writeln!(out, "base_kv = {:?}", base.base_kv)?;
        writeln!(
            out,
            "v_min = {:?}\nv_max = {:?}\nbranch = [",
            base.v_min, base.v_max
        )?;
        for b in &self.branches {
            let (from, to, r, x) = (b.from, b.to, b.r, b.x);
            writeln!(
                out,
                "  {{ from = {from}, to = {to}, r = {r:?}, x = {x:?} }},"
            )?;
        }
        writeln!(out, "]")
    }
}
