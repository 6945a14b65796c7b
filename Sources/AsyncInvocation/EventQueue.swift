/// Which accepted event is run when.
struct EventQueue {}
