//! From a scenario document to an [`Instance`].

use super::clock::Clock;
use super::document::Document;
use super::error::ScenarioError;
use super::explicit::{self, Context};
use super::grid::{self, Grid};
use super::measured::{DAYS, Measured};
use super::placement::{self, Placed};
use super::source::Source;
use crate::check::{all_at_least, at_least, ensure, within};
use crate::{Flaw, Generator, Instance, Site};

pub(super) fn build(document: &Document, source: &Source) -> Result<Instance, ScenarioError> {
    let refuse = |flaw| source.value_error(flaw);
    let clock = Clock::new(document.horizon, document.interval_minutes).map_err(refuse)?;
    check_load(document).map_err(refuse)?;
    let session = document.session.check();
    session.map_err(|flaw| refuse(flaw.within("session")))?;
    let billing = document.billing.check(clock.interval_hours());
    billing.map_err(|flaw| refuse(flaw.within("billing")))?;
    let grid = grid::build(document, source)?;
    let context = Context {
        clock,
        source,
        base_mva: grid.network.base_mva,
        power_factor: document.load.power_factor,
    };
    let generator = generator(document, &context)?;
    let mut sites = placed_sites(document, &grid, &context)?;
    apply_buses(document, &grid, &context, &mut sites)?;
    Ok(Instance {
        name: document.name.clone(),
        horizon: clock.horizon,
        interval_hours: clock.interval_hours(),
        network: grid.network,
        generator,
        sites,
    })
}

fn check_load(document: &Document) -> Result<(), Flaw> {
    let load = &document.load;
    ensure(!document.name.is_empty(), "name", "empty", "a name")?;
    within("load.diversity", load.diversity, 0.0, 1.0)?;
    at_least("load.level", load.level, 0.0)?;
    let last = DAYS - 1;
    ensure(
        load.day <= last,
        "load.day",
        load.day,
        format!("a day from 0 to {last}"),
    )
}

fn generator(document: &Document, context: &Context) -> Result<Generator, ScenarioError> {
    let table = &document.generator;
    let checked = at_least("generator.alpha", table.alpha, 0.0);
    checked.map_err(|flaw| context.source.value_error(flaw))?;
    let values = table
        .beta
        .values("generator.beta", context.clock, context.source);
    let mut beta = values?;
    let alpha = context.cost(table.alpha, &mut beta);
    Ok(Generator { alpha, beta })
}

/// Sites with loads by shape and randomly placed devices, in network order.
fn placed_sites(
    document: &Document,
    grid: &Grid,
    context: &Context,
) -> Result<Vec<Site>, ScenarioError> {
    let buses = &grid.network.buses;
    let mut order: Vec<usize> = (0..buses.len()).collect();
    order.sort_by_key(|&i| buses[i].id);
    let peak = |i: usize| grid.peak.get(&buses[i].id).copied().unwrap_or_default();
    let sizes: Vec<f64> = order
        .iter()
        .map(|&i| f64::hypot(peak(i).0, peak(i).1))
        .collect();
    let placed = placement::place(document, context.clock, &sizes);
    let placed = placed.map_err(|flaw| context.source.value_error(flaw))?;
    let shapes = Shapes::new(document, context)?;
    let mut sites = vec![Site::default(); buses.len()];
    for (&i, placed) in order.iter().zip(placed) {
        sites[i] = shapes.site(placed, peak(i), context);
    }
    Ok(sites)
}

/// The shapes of loads and solar generation.
struct Shapes<'a> {
    document: &'a Document,
    year: &'static Measured,
    load: Option<Vec<f64>>,
    solar: Vec<f64>,
}

impl<'a> Shapes<'a> {
    fn new(document: &'a Document, context: &Context) -> Result<Self, ScenarioError> {
        let (clock, source) = (context.clock, context.source);
        let year = Measured::year().map_err(|e| source.profile_error("load", e))?;
        let load = document.load.shape.as_ref();
        let load = load.map(|shape| shape.values("load.shape", clock, source));
        let solar = match document
            .solar
            .as_ref()
            .and_then(|table| table.shape.as_ref())
        {
            Some(shape) => shape.values("solar.shape", clock, source)?,
            None => (0..clock.horizon)
                .map(|t| year.solar(document.load.day, clock.hour(t)))
                .collect(),
        };
        let checked = all_at_least("solar.shape", &solar, 0.0);
        checked.map_err(|flaw| source.value_error(flaw))?;
        Ok(Self {
            document,
            year,
            load: load.transpose()?,
            solar,
        })
    }

    fn site(&self, placed: Placed, (p, q): (f64, f64), context: &Context) -> Site {
        // Placed quantities are in MW.
        let mega = 1.0 / context.base_mva;
        let shape = self.load_shape(placed.home, context.clock);
        let times = |factor: f64, values: &[f64]| values.iter().map(|v| v * factor).collect();
        let batteries = placed.batteries.into_iter();
        let shapables = placed.shapables.into_iter();
        let deferrables = placed.deferrables.into_iter();
        Site {
            load_p: times(p * mega, &shape),
            load_q: times(q * mega, &shape),
            solar: times(placed.solar * mega, &self.solar),
            batteries: batteries
                .map(|b| explicit::scaled_battery(b, mega))
                .collect(),
            shapables: shapables
                .map(|s| explicit::scaled_shapable(s, mega))
                .collect(),
            deferrables: deferrables
                .map(|d| explicit::scaled_deferrable(d, mega))
                .collect(),
            generators: Vec::new(),
            user_cost: context.user_cost(self.document.user_cost),
        }
    }

    /// Load relative to the peak.
    fn load_shape(&self, home: usize, clock: Clock) -> Vec<f64> {
        if let Some(shape) = &self.load {
            return shape.clone();
        }
        let load = &self.document.load;
        let at = |t| {
            self.year
                .load(home, load.diversity, load.day, clock.hour(t))
        };
        (0..clock.horizon).map(|t| load.level * at(t)).collect()
    }
}

fn apply_buses(
    document: &Document,
    grid: &Grid,
    context: &Context,
    sites: &mut [Site],
) -> Result<(), ScenarioError> {
    for (i, table) in document.bus.iter().enumerate() {
        let key = format!("bus[{i}]");
        let wrong = |expected: &str| {
            let flaw = Flaw::new(format!("{key}.id"), table.id, expected);
            context.source.value_error(flaw)
        };
        let index = grid.network.index_of(table.id);
        let index = index.ok_or_else(|| wrong("a bus of the grid"))?;
        if document.bus[..i].iter().any(|other| other.id == table.id) {
            return Err(wrong("each bus once"));
        }
        explicit::apply(table, &key, context, &mut sites[index])?;
    }
    Ok(())
}
