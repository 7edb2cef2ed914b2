//! Areas: structure of the decompositions and plain consensus ADMM, M(15)–M(17), to the optimum.

mod common;

use common::{HORIZON, distance, small};
use gridweave_model::powerflow::evaluate;
use gridweave_model::{Bus, Instance};
use gridweave_optim::{
    AreaAnswer, AreaProblem, BlockKind, Decomposition, lateral, nodal, solve_central,
};

const RHO: f64 = 30.0;

/// Plain consensus ADMM.
struct Consensus<'a> {
    decomposition: &'a Decomposition,
    problems: Vec<AreaProblem>,
    shared: Vec<Vec<f64>>,
    duals: Vec<Vec<f64>>,
    answers: Vec<AreaAnswer>,
}

impl<'a> Consensus<'a> {
    fn new(instance: &Instance, decomposition: &'a Decomposition) -> Self {
        let areas = 0..decomposition.areas.len();
        let start = |kind| match kind {
            BlockKind::Voltage { .. } => 1.0,
            BlockKind::Flow { .. } => 0.0,
        };
        let blocks = decomposition.blocks.iter();
        Self {
            decomposition,
            problems: areas
                .clone()
                .map(|area| AreaProblem::new(instance, decomposition, area).unwrap())
                .collect(),
            shared: blocks.map(|b| vec![start(b.kind); b.size]).collect(),
            duals: areas
                .map(|area| vec![0.0; decomposition.shared_len(area)])
                .collect(),
            answers: vec![],
        }
    }

    /// The shared values as `area` sees them, z̃.
    fn seen_by(&self, area: usize) -> Vec<f64> {
        let blocks = self.decomposition.blocks_of(area).into_iter();
        blocks.flat_map(|b| self.shared[b].clone()).collect()
    }

    fn average(&mut self) {
        for (values, block) in self.shared.iter_mut().zip(&self.decomposition.blocks) {
            values.iter_mut().for_each(|z| *z = 0.0);
            assert!(block.members.len() > 1);
        }
        for (area, answer) in self.answers.iter().enumerate() {
            let mut copies = answer.copies.iter();
            for block in self.decomposition.blocks_of(area) {
                let members = self.decomposition.blocks[block].members.len() as f64;
                for (z, copy) in self.shared[block].iter_mut().zip(&mut copies) {
                    *z += copy / members;
                }
            }
        }
    }

    /// One round; returns `‖r‖` and `‖s‖` of M(18).
    fn round(&mut self) -> (f64, f64) {
        let seen: Vec<_> = (0..self.problems.len()).map(|a| self.seen_by(a)).collect();
        let centres = seen.iter().zip(&self.duals).map(|(z, duals)| {
            let pairs = z.iter().zip(duals);
            pairs.map(|(z, dual)| z - dual / RHO).collect::<Vec<_>>()
        });
        let asked = self.problems.iter_mut().zip(centres);
        self.answers = asked
            .map(|(problem, centre)| problem.respond(&centre, RHO).unwrap())
            .collect();
        let before = self.shared.concat();
        self.average();
        let mut primal = 0.0;
        for area in 0..self.problems.len() {
            let z = self.seen_by(area);
            let copies = self.answers[area].copies.iter().zip(&z);
            for (dual, (copy, z)) in self.duals[area].iter_mut().zip(copies) {
                *dual += RHO * (copy - z);
                primal += (copy - z).powi(2);
            }
        }
        let moved = self.shared.concat();
        let dual: f64 = moved
            .iter()
            .zip(&before)
            .map(|(a, b)| (a - b).powi(2))
            .sum();
        (primal.sqrt(), dual.sqrt())
    }
}

fn converges_to_the_central_optimum(decomposition: &Decomposition, rounds: usize) {
    let mut instance = small();
    instance.sites[4].generators.clear();
    let central = solve_central(&instance).unwrap();
    let mut consensus = Consensus::new(&instance, decomposition);
    let mut residuals = (f64::INFINITY, f64::INFINITY);
    for _ in 0..rounds {
        residuals = consensus.round();
    }
    assert!(residuals.0 < 1e-3 && residuals.1 < 1e-3, "{residuals:?}");
    let cost: f64 = consensus.answers.iter().map(|answer| answer.cost).sum();
    assert!(
        (cost / central.cost - 1.0).abs() < 2e-3,
        "{cost} {}",
        central.cost
    );
    let mut injections = vec![vec![]; 5];
    for (buses, answer) in decomposition.areas.iter().zip(&consensus.answers) {
        for (&bus, injection) in buses.iter().zip(&answer.injections) {
            injections[bus].clone_from(injection);
        }
    }
    let executed = evaluate(&instance, &injections).unwrap();
    assert!((executed.cost / central.cost - 1.0).abs() < 1e-3);
    assert!(executed.violation < 1e-4);
}

#[test]
fn nodal_admm_converges_to_the_central_optimum() {
    converges_to_the_central_optimum(&nodal(&small()), 400);
}

#[test]
fn lateral_admm_converges_to_the_central_optimum() {
    converges_to_the_central_optimum(&lateral(&small(), 2), 200);
}

#[test]
fn nodal_blocks_are_flows_of_two_and_voltages_of_a_family() {
    let decomposition = nodal(&small());
    assert_eq!(
        decomposition.areas,
        vec![vec![0], vec![1], vec![2], vec![3], vec![4]]
    );
    let found: Vec<_> = decomposition
        .blocks
        .iter()
        .map(|b| (b.kind, b.size, b.members.clone()))
        .collect();
    let flow = |bus, members| (BlockKind::Flow { bus }, 2 * HORIZON, members);
    let voltage = |bus, members| (BlockKind::Voltage { bus }, HORIZON, members);
    let expected = vec![
        voltage(0, vec![0, 1]),
        flow(1, vec![0, 1]),
        voltage(1, vec![1, 2, 3]),
        flow(2, vec![1, 2]),
        flow(3, vec![1, 3]),
        voltage(3, vec![3, 4]),
        flow(4, vec![3, 4]),
    ];
    assert_eq!(found, expected);
    assert_eq!(decomposition.shared_len(1), 2 * HORIZON + 6 * HORIZON);
}

#[test]
fn one_lateral_is_the_central_problem() {
    let instance = small();
    let decomposition = lateral(&instance, 1);
    assert!(decomposition.blocks.is_empty());
    let answer = AreaProblem::new(&instance, &decomposition, 0)
        .and_then(|mut problem| problem.respond(&[], 1.0))
        .unwrap();
    let central = solve_central(&instance).unwrap();
    assert!((answer.cost / central.cost - 1.0).abs() < 1e-6);
}

#[test]
fn a_long_feeder_is_cut_into_similar_laterals() {
    let mut instance = small();
    for id in 6..21 {
        let parent = Some(instance.network.buses.len() - 1 - (id as usize % 3));
        let (r, x) = (0.001, 0.001);
        instance.network.buses.push(Bus { id, parent, r, x });
        instance.sites.push(instance.sites[1].clone());
    }
    let decomposition = lateral(&instance, 4);
    assert_eq!(decomposition.areas.len(), 4);
    let sizes: Vec<_> = decomposition.areas.iter().map(Vec::len).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 20);
    assert!(sizes.iter().all(|size| (2..=7).contains(size)), "{sizes:?}");
}

#[test]
fn a_reused_area_answers_as_a_fresh_one() {
    let instance = small();
    let decomposition = nodal(&instance);
    for area in 0..5 {
        let mut reused = AreaProblem::new(&instance, &decomposition, area).unwrap();
        for round in 1..4 {
            let centre = vec![0.2 * f64::from(round); decomposition.shared_len(area)];
            let rho = 50.0 * f64::from(round);
            let mut fresh = AreaProblem::new(&instance, &decomposition, area).unwrap();
            let expected = fresh.respond(&centre, rho).unwrap();
            assert_eq!(reused.respond(&centre, rho).unwrap(), expected);
        }
    }
}

#[test]
fn an_area_answers_where_its_centre_is_feasible() {
    let mut instance = small();
    instance.sites[4].generators.clear();
    let decomposition = nodal(&instance);
    let mut problem = AreaProblem::new(&instance, &decomposition, 2).unwrap();
    let far = vec![0.9; decomposition.shared_len(2)];
    let answer = problem.respond(&far, 100.0).unwrap();
    let again = problem.respond(&answer.copies, 100.0).unwrap();
    assert!(distance(&answer.copies, &again.copies) < 1e-4);
}

#[test]
fn an_area_that_does_not_exist_is_refused() {
    let instance = small();
    let decomposition = nodal(&instance);
    let error = AreaProblem::new(&instance, &decomposition, 5)
        .err()
        .unwrap();
    assert_eq!(error.to_string(), "there is no area 5, only 5");
    let mut problem = AreaProblem::new(&instance, &decomposition, 4).unwrap();
    let error = problem.respond(&[], 1.0).unwrap_err();
    assert_eq!(error.to_string(), "centre has 0 entries, expected 18");
}
