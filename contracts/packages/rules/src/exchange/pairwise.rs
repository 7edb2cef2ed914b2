//! One Gauss–Seidel pass: per participant, two pairwise steps that move weight from its worst used
//! answer to its best one.

use gridweave_units::{Acc, Fx};

use super::ExportRule;
use super::hour::Hour;
use super::linearization::Linearization;
use super::master::direction;
use super::participant::Participant;
use super::problem::Problem;
use super::voltage::{VoltageParams, VoltageState};

/// Pairwise steps per visit.
const STEPS: usize = 2;
/// Gains below this (about 10⁻⁹) are not worth a step.
const LEAST_GAIN: Fx = Fx::from_bits(4);
/// Newton evaluations of the piecewise derivative when voltages are priced.
const VOLTAGE_EVALUATIONS: usize = 2;
/// Steps are clamped to this before they meet the simplex.
const STEP_LIMIT: Fx = Fx::from_int(1_000_000);
/// State of the passes at one linearization.
pub(super) struct Pass<'a> {
    problem: &'a Problem,
    rule: &'a ExportRule,
    voltage: Option<(&'a VoltageParams, &'a VoltageState)>,
    paths: Vec<Vec<usize>>,
    hours: Vec<Hour>,
}

/// The line along which one step moves.
struct Line {
    bus: usize,
    /// `d`, difference of two answers.
    change: Vec<Fx>,
    /// `a·d` per interval.
    generation: Vec<Fx>,
    /// Derivative of losses and private cost at the start.
    slope: Acc,
    /// Curvature of the losses.
    curvature: Acc,
    /// Tree sensitivities `u`.
    sensitivity: Vec<Fx>,
}

impl<'a> Pass<'a> {
    /// Prepares passes at a linearization.
    pub fn new(
        problem: &'a Problem,
        participants: &[Participant],
        rule: &'a ExportRule,
        at: &Linearization,
        voltage: Option<(&'a VoltageParams, &'a VoltageState)>,
    ) -> Self {
        let hours = (0..problem.horizon())
            .map(|t| Hour::new(problem, rule, at, t, voltage))
            .collect();
        Self {
            problem,
            rule,
            voltage,
            paths: participants
                .iter()
                .map(|participant| problem.network.path(participant.bus))
                .collect(),
            hours,
        }
    }

    /// Two pairwise steps for participant `index`; whether any weight moved.
    pub fn improve(&mut self, index: usize, participant: &mut Participant) -> bool {
        let sensitivity = self.sensitivities(index);
        let mut moved = false;
        for _ in 0..STEPS {
            let gradient = self.gradient(index, participant.bus, &sensitivity);
            let Some((from, to)) = worst_and_best(participant, &gradient) else {
                break;
            };
            let line = self.line(index, participant, from, to, &sensitivity);
            let step = self.search(&line, participant.weights[from]);
            if !step.is_positive() {
                break;
            }
            participant.weights[from] -= step;
            participant.weights[to] += step;
            self.advance(index, &line, step);
            moved = true;
        }
        moved
    }

    /// `u_b = Σ 2r` over the path that bus `b` shares with the participant; empty when nothing is
    /// watched.
    fn sensitivities(&self, index: usize) -> Vec<Fx> {
        if self.hours.iter().all(|hour| hour.watched.is_empty()) {
            return Vec::new();
        }
        let network = &self.problem.network;
        let mut shared = vec![false; network.len()];
        for &branch in &self.paths[index] {
            shared[branch] = true;
        }
        let mut u = vec![Fx::ZERO; network.len()];
        for bus in 1..network.len() {
            let above = u[network.parent(bus)];
            let own = network.r(bus) + network.r(bus);
            u[bus] = if shared[bus] { above + own } else { above };
        }
        u
    }

    /// Gradient of the objective with respect to the participant's injection per interval.
    fn gradient(&self, index: usize, bus: usize, sensitivity: &[Fx]) -> Vec<Fx> {
        self.hours
            .iter()
            .enumerate()
            .map(|(t, hour)| {
                let losses = hour.loss_slope(&self.paths[index]);
                let price = self
                    .problem
                    .cost
                    .marginal(self.rule, t, hour.generation)
                    .price;
                let pressure = self.pressure(t, sensitivity, Fx::ZERO).0;
                losses - hour.factor[bus] * price - hour.scale[bus] * pressure
            })
            .collect()
    }

    /// `(Σν·u, Σ_active u²)` over the watched buses with voltages moved by `u·shift`.
    fn pressure(&self, t: usize, sensitivity: &[Fx], shift: Fx) -> (Fx, Fx) {
        let Some((params, state)) = self.voltage else {
            return (Fx::ZERO, Fx::ZERO);
        };
        let (mut force_sum, mut active_sum) = (Acc::ZERO, Acc::ZERO);
        for &bus in &self.hours[t].watched {
            let u = sensitivity[bus];
            let v = self.hours[t].voltage[bus] + u * shift;
            let force = params.force(self.problem, state.multipliers[t][bus], v);
            force_sum.add_product(force.value, u);
            if force.active {
                active_sum.add_product(u, u);
            }
        }
        (force_sum.to_fx(), active_sum.to_fx())
    }

    fn line(
        &self,
        index: usize,
        participant: &Participant,
        from: usize,
        to: usize,
        sensitivity: &[Fx],
    ) -> Line {
        let (change, cost) = direction(participant, from, to);
        let mut slope = Acc::from_fx(cost);
        let mut curvature = Acc::ZERO;
        let mut generation = Vec::with_capacity(change.len());
        for (hour, &d) in self.hours.iter().zip(&change) {
            let path = &self.paths[index];
            slope.add_product(hour.loss_slope(path), d);
            let bend: Fx = path.iter().map(|&branch| hour.curvature[branch]).sum();
            curvature.add_product(bend * d, d);
            generation.push(hour.factor[participant.bus] * d);
        }
        Line {
            bus: participant.bus,
            change,
            generation,
            slope,
            curvature,
            sensitivity: sensitivity.to_vec(),
        }
    }

    /// Bracketed Newton on the derivative along the line, from 0 to at most `limit`.
    fn search(&self, line: &Line, limit: Fx) -> Fx {
        let evaluations = if line.sensitivity.is_empty() {
            1
        } else {
            VOLTAGE_EVALUATIONS
        };
        let (mut low, mut high, mut step) = (Fx::ZERO, limit, Fx::ZERO);
        for _ in 0..evaluations {
            let (slope, curvature) = self.derivatives(line, step);
            if slope.to_bits() < 0 {
                low = step;
            } else {
                high = step;
            }
            if low >= high {
                break;
            }
            let newton = step - slope.ratio(curvature, STEP_LIMIT);
            step = newton.clamp(low, high);
        }
        step
    }

    /// First and second derivative of the objective at `step` along the line.
    fn derivatives(&self, line: &Line, step: Fx) -> (Acc, Acc) {
        let (mut slope, mut curvature) = (line.slope, line.curvature);
        slope.add_product(line.curvature.to_fx(), step);
        for (t, hour) in self.hours.iter().enumerate() {
            let ad = line.generation[t];
            let generation = hour.generation - ad * step;
            let marginal = self.problem.cost.marginal(self.rule, t, generation);
            slope.add_product(-ad, marginal.price);
            curvature.add_product(marginal.slope * ad, ad);
            if hour.watched.is_empty() {
                continue;
            }
            let kd = hour.scale[line.bus] * line.change[t];
            let (force, active) = self.pressure(t, &line.sensitivity, kd * step);
            slope.add_product(-force, kd);
            if let Some((params, _)) = self.voltage {
                curvature.add_product(params.sigma * active * kd, kd);
            }
        }
        (slope, curvature)
    }

    /// Moves the predicted state along the line.
    fn advance(&mut self, index: usize, line: &Line, step: Fx) {
        for (t, hour) in self.hours.iter_mut().enumerate() {
            let moved = line.change[t] * step;
            hour.generation -= line.generation[t] * step;
            for &branch in &self.paths[index] {
                hour.shift[branch] += moved;
            }
            let scaled = hour.scale[line.bus] * moved;
            for at in 0..hour.watched.len() {
                let bus = hour.watched[at];
                hour.voltage[bus] += line.sensitivity[bus] * scaled;
            }
        }
    }
}

/// The used answer with the largest and the answer with the least linearized cost, unless the
/// difference is negligible.
fn worst_and_best(participant: &Participant, gradient: &[Fx]) -> Option<(usize, usize)> {
    let costs: Vec<Fx> = participant
        .answers
        .iter()
        .map(|answer| Acc::dot(&answer.injection, gradient).to_fx() + answer.cost)
        .collect();
    let best = (0..costs.len()).min_by_key(|&k| costs[k])?;
    let worst = (0..costs.len())
        .filter(|&k| participant.weights[k].is_positive())
        .max_by_key(|&k| costs[k])?;
    (costs[worst] - costs[best] > LEAST_GAIN).then_some((worst, best))
}
