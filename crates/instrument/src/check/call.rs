//! Calls, and the variables declared with them: what compilers made of exports, enums and namespaces is left alone.

use swc_core::ecma::ast::{CallExpr, VarDeclarator};

use super::walk::{Alike, Same, Sealed, Walk, equal};
use crate::reexport::is_reexport;
use crate::wrapper::declared;

impl Alike for VarDeclarator {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, name, init, definite } = self;
        walk.enter(self.span, input.span);
        equal("definite", definite, &input.definite, walk)?;
        name.alike(&input.name, walk)?;
        if walk.wrappers.is_some() {
            walk.declared = declared(input);
        }
        init.alike(&input.init, walk)
    }
}

impl Alike for CallExpr {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, ctxt: _, callee, type_args, args } = self;
        let sealed = walk.sealed.or(is_reexport(input).then_some(Sealed::Reexport));
        let is_wrapper = walk.wrappers.is_some_and(|wrappers| wrappers.hold(input, walk.declared));
        walk.enter(self.span, input.span);
        walk.is_wrapper = is_wrapper;
        walk.with(
            |walk| &mut walk.sealed,
            sealed,
            |walk| {
                callee.alike(&input.callee, walk)?;
                type_args.alike(&input.type_args, walk)?;
                let sealed = walk.sealed.or(is_wrapper.then_some(Sealed::Wrapper));
                walk.with(|walk| &mut walk.sealed, sealed, |walk| args.alike(&input.args, walk))
            },
        )
    }
}
