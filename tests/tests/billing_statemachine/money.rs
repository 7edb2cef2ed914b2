//! The model's money, written down once more without the rules' code.

/// What a home has (µ).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purse {
    pub balance: i128,
    pub collateral: i128,
    pub receivable: i128,
    pub arrears: i128,
}

/// The grid account (µ).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    pub cash: i128,
    pub dust: i128,
}

impl Grid {
    /// Cash that is not the reserve's.
    pub fn free(&self) -> i128 {
        (self.cash - self.dust).max(0)
    }
}

/// A line's worth: committed, imbalance, penalty, dust (µ).
pub type Worth = [i128; 4];

/// `numerator / divisor` toward −∞ and what that leaves out, 0 or 1.
fn down(numerator: i128, divisor: i128) -> (i128, i128) {
    let floor = numerator.div_euclid(divisor);
    (floor, i128::from(floor * divisor != numerator))
}

/// Worth of a promise of `value` (thousandths of a µ) and a deviation at `price`.
pub fn worth(value: i128, deviation: i128, price: i128, basis_points: i128) -> Worth {
    let committed = down(value, 1_000);
    let imbalance = down(price * deviation, 1_000);
    let penalty = down(-(price * deviation).abs() * basis_points, 10_000_000);
    let dust = committed.1 + imbalance.1 + penalty.1;
    [committed.0, imbalance.0, penalty.0, dust]
}

/// A charge for the peak (µ, zero or less) and its dust.
pub fn demand(price: i128, peak: i128) -> (i128, i128) {
    down(-price * peak, 1_000)
}

/// Books an amount between a home and the grid account.
pub fn book(purse: &mut Purse, grid: &mut Grid, amount: i128, dust: i128, required: i128) {
    grid.dust += dust;
    if amount >= 0 {
        let forgiven = amount.min(purse.arrears);
        purse.arrears -= forgiven;
        purse.receivable += amount - forgiven;
        // What the grid can pay of this amount, it pays at once.
        let cash = (amount - forgiven).min(grid.free());
        purse.receivable -= cash;
        grid.cash -= cash;
        fill(purse, cash, required);
        return;
    }
    let mut owed = -amount;
    for (part, is_cash) in [
        (&mut purse.receivable, false),
        (&mut purse.balance, true),
        (&mut purse.collateral, true),
    ] {
        let paid = owed.min(*part);
        *part -= paid;
        owed -= paid;
        if is_cash {
            grid.cash += paid;
        }
    }
    purse.arrears += owed;
}

/// Fresh coins: arrears, collateral, balance, and then whatever the grid owes.
pub fn deposit(purse: &mut Purse, grid: &mut Grid, coins: i128, required: i128) {
    let repaid = coins.min(purse.arrears);
    purse.arrears -= repaid;
    grid.cash += repaid;
    fill(purse, coins - repaid, required);
    collect(purse, grid, required);
}

/// What the grid owes and can pay.
pub fn collect(purse: &mut Purse, grid: &mut Grid, required: i128) -> i128 {
    let cash = purse.receivable.min(grid.free());
    purse.receivable -= cash;
    grid.cash -= cash;
    fill(purse, cash, required);
    cash
}

fn fill(purse: &mut Purse, cash: i128, required: i128) {
    let secured = cash.min((required - purse.collateral).max(0));
    purse.collateral += secured;
    purse.balance += cash - secured;
}
