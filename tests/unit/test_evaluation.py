"""Nothing is evaluated, nothing runs in a shell, and no text from outside is a format."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EVALUATING = {"eval", "exec", "compile", "__import__"}
SHELLS = {"system", "popen", "create_subprocess_shell", "getoutput", "getstatusoutput"}
LEVELS = {"trace", "debug", "info", "success", "warning", "error", "critical", "exception", "log"}


def violations(source: str) -> Iterator[tuple[int, str]]:
    """Line, and what is done there."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from ((node.lineno, what) for what in _of_call(node))


def _of_call(call: ast.Call) -> Iterator[str]:
    match call.func:
        case ast.Name(id=name) if name in EVALUATING:
            yield f"{name}()"
        case ast.Attribute(attr=name) if name in SHELLS:
            yield f"{name}()"
        case ast.Attribute(value=format_, attr="format" | "format_map") if not _is_constant(format_):
            yield "a format that is not written here"
        case ast.Attribute(value=ast.Name(id="logger"), attr=name) if name in LEVELS and len(call.args) > 1:
            if not _is_constant(call.args[0]):
                yield "a message with values that is not written here"
    if any(one.arg == "shell" for one in call.keywords):
        yield "shell="


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def test_the_program_does_none_of_it() -> None:
    files = [ROOT / "app.py", *ROOT.glob("medusa/**/*.py"), *ROOT.glob("plugins/*.py")]
    found = [
        f"{file.relative_to(ROOT)}:{line}: {what}"
        for file in files
        for line, what in violations(file.read_text())
    ]
    assert len(files) > 100
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "eval(text)",
        "exec(text)",
        "os.system(text)",
        "await asyncio.create_subprocess_shell(text)",
        "subprocess.run(text, shell=True)",
        "template.format(title=title)",
        "text.format_map(fields)",
        "logger.info(text, 1)",
        "logger.warning(f'{text} {{}}', 1)",
    ],
)
def test_what_is_forbidden_is_seen(source: str) -> None:
    assert list(violations(source))


@pytest.mark.parametrize("source", ["'{}'.format(1)", "logger.info('{}', text)", "logger.warning(hint)"])
def test_what_is_harmless_is_not(source: str) -> None:
    assert not list(violations(source))
