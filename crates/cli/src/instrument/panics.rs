//! A panic is the error of one file.

use std::any::Any;

thread_local! {
    /// What the last panic of this thread said, for the error of its file.
    static LAST_PANIC: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
}

/// A panic becomes the error of one file; it must not write over the terminal meanwhile.
pub(super) fn silence() {
    std::panic::set_hook(Box::new(|panic| {
        LAST_PANIC.with(|last| *last.borrow_mut() = panic.to_string());
    }));
}

pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let said = LAST_PANIC.with(std::cell::RefCell::take);
    if !said.is_empty() {
        return said.replace('\n', " ");
    }
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "unknown reason".to_owned(),
    }
}
