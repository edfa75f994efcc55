//! Values that are known before the program runs.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{BinExpr, BinaryOp, Expr, Lit, MemberProp, Number, Str, Tpl, UnaryExpr, UnaryOp};
use swc_core::ecma::atoms::Wtf8Atom;
use swc_core::ecma::atoms::wtf8::Wtf8Buf;
use swc_core::ecma::utils::number::{JsNumber, ToJsString};

use crate::strip::enums::{Enums, Of, Value};

/// A constant.
#[derive(Clone)]
pub(in crate::strip) enum Constant {
    String(Wtf8Atom),
    Number(f64),
}

impl Constant {
    pub(super) fn expr(&self) -> Expr {
        let number = |value: f64| Expr::Lit(Lit::Num(Number { span: DUMMY_SP, value, raw: None }));
        let quotient = |left: f64| {
            let (left, right) = (Box::new(number(left)), Box::new(number(0.0)));
            Expr::Bin(BinExpr { span: DUMMY_SP, op: BinaryOp::Div, left, right })
        };
        match self {
            Self::String(value) => Expr::Lit(Lit::Str(Str { span: DUMMY_SP, value: value.clone(), raw: None })),
            Self::Number(value) if value.is_nan() => quotient(0.0),
            Self::Number(value) if *value < 0.0 => {
                let arg = Box::new(Self::Number(-value).expr());
                Expr::Unary(UnaryExpr { span: DUMMY_SP, op: UnaryOp::Minus, arg })
            }
            Self::Number(value) if value.is_infinite() => quotient(1.0),
            // TypeScript knows no -0 here.
            Self::Number(value) => number(value.abs()),
        }
    }

    fn push_to(&self, text: &mut Wtf8Buf) {
        match self {
            Self::String(value) => text.push_wtf8(value),
            Self::Number(value) => text.push_str(&value.to_js_string()),
        }
    }
}

/// What is known of an expression.
#[derive(Clone, Default)]
pub(in crate::strip) struct Evaluated {
    pub(super) value: Option<Constant>,
    /// It looks like a string, whatever its value.
    pub(in crate::strip) is_string: bool,
}

impl Evaluated {
    pub(super) fn number(value: Option<f64>) -> Self {
        Self { value: value.map(Constant::Number), is_string: false }
    }

    pub(super) fn as_number(&self) -> Option<f64> {
        match self.value {
            Some(Constant::Number(value)) => Some(value),
            _ => None,
        }
    }

    fn string(value: Option<Wtf8Atom>) -> Self {
        Self { value: value.map(Constant::String), is_string: true }
    }
}

impl Enums {
    pub(in crate::strip) fn evaluate_one(&self, expr: &Expr) -> Evaluated {
        match expr {
            Expr::Paren(inner) => self.evaluate_one(&inner.expr),
            Expr::Lit(Lit::Str(text)) => Evaluated::string(Some(text.value.clone())),
            Expr::Lit(Lit::Num(number)) => Evaluated::number(Some(number.value)),
            Expr::Tpl(template) => Evaluated::string(self.evaluate_template(template)),
            Expr::Unary(UnaryExpr { op, arg, .. }) => {
                Evaluated::number(self.evaluate_one(arg).as_number().and_then(|value| match op {
                    UnaryOp::Plus => Some(value),
                    UnaryOp::Minus => Some(-value),
                    UnaryOp::Tilde => Some(*!JsNumber::from(value)),
                    _ => None,
                }))
            }
            Expr::Bin(BinExpr { op, left, right, .. }) => {
                let (left, right) = (self.evaluate_one(left), self.evaluate_one(right));
                let is_string = *op == BinaryOp::Add && (left.is_string || right.is_string);
                let value = match (left.value, right.value) {
                    (Some(Constant::Number(left)), Some(Constant::Number(right))) => {
                        compute(*op, left, right).map(Constant::Number)
                    }
                    (Some(left), Some(right)) if *op == BinaryOp::Add => {
                        let mut text = Wtf8Buf::new();
                        left.push_to(&mut text);
                        right.push_to(&mut text);
                        Some(Constant::String(Wtf8Atom::from(&*text)))
                    }
                    _ => None,
                };
                Evaluated { value, is_string }
            }
            Expr::Ident(name) if name.ctxt == self.unresolved && name.sym == *"NaN" => {
                Evaluated::number(Some(f64::NAN))
            }
            Expr::Ident(name) if name.ctxt == self.unresolved && name.sym == *"Infinity" => {
                Evaluated::number(Some(f64::INFINITY))
            }
            Expr::Member(member) if !matches!(member.prop, MemberProp::Ident(_)) => {
                let found = self.spaces.of_member(member).and_then(|space| self.values.get(&space));
                found.filter(|value| value.of != Of::Variable).map(evaluated).unwrap_or_default()
            }
            path => {
                let found = self.spaces.of_path(path).and_then(|space| self.values.get(&space));
                found.map(evaluated).unwrap_or_default()
            }
        }
    }

    fn evaluate_template(&self, template: &Tpl) -> Option<Wtf8Atom> {
        let mut quasis = template.quasis.iter();
        let mut text = Wtf8Buf::from(quasis.next()?.cooked.as_ref()?);
        for (expr, quasi) in template.exprs.iter().zip(quasis) {
            self.evaluate_one(expr).value?.push_to(&mut text);
            text.push_wtf8(quasi.cooked.as_ref()?);
        }
        Some(Wtf8Atom::from(&*text))
    }
}

fn evaluated(value: &Value) -> Evaluated {
    value.evaluated.clone()
}

fn compute(op: BinaryOp, left: f64, right: f64) -> Option<f64> {
    let (left, right) = (JsNumber::from(left), JsNumber::from(right));
    Some(*match op {
        BinaryOp::BitOr => left | right,
        BinaryOp::BitAnd => left & right,
        BinaryOp::BitXor => left ^ right,
        BinaryOp::LShift => left << right,
        BinaryOp::RShift => left >> right,
        BinaryOp::ZeroFillRShift => left.unsigned_shr(right),
        BinaryOp::Mul => left * right,
        BinaryOp::Div => left / right,
        BinaryOp::Mod => left % right,
        BinaryOp::Add => left + right,
        BinaryOp::Sub => left - right,
        BinaryOp::Exp => left.pow(right),
        _ => return None,
    })
}
