"""The index of the `fla` command: one line per group of commands, each in a module of its own."""

import stamina
import typer

from cli import batches, demo, local_stack, parked, prepare, submit, token

# stamina logs each retry on standard output, where a command writes its one answer.
stamina.instrumentation.set_on_retry_hooks(())

app = typer.Typer(name="fla", help="Federal Learning Account", no_args_is_help=True, pretty_exceptions_enable=False)

local_stack.register(app)
prepare.register(app)
token.register(app)
demo.register(app)
submit.register(app)
batches.register(app)
parked.register(app)

if __name__ == "__main__":
    app()
