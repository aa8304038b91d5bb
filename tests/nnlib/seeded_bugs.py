"""Bugs that the tests of nnlib must catch: ``python tests/nnlib/seeded_bugs.py [MODULE ...]``.

Each is planted alone in a copy of the package, and the module's own tests must then fail.
The list is what students and maintainers get wrong; a bug met in the wild belongs here with its test.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# module: (tests, [(right, wrong), ...]); the right text stands exactly once in the module
BUGS: dict[str, tuple[list[str], list[tuple[str, str]]]] = {
    "activations": (
        ["activations"],
        [
            ("dout @ w.T, x.T @ dout, dout.sum(axis=0)", "dout @ w.T, x.T @ dout, dout.sum(axis=-1)"),
            ("np.exp(-np.abs(z))  # never", "np.exp(-z)  # never"),
            ("da * (1 - np.tanh(z) ** 2)", "da * (1 - z**2)"),
            ("da * (z > 0)", "da * (da > 0)"),
            ("np.where(z > 0, z, float(slope) * z)", "np.where(z > 0, float(slope) * z, z)"),
            ("da * (float(alpha) * np.exp(np.minimum(z, 0)))", "da * np.exp(np.minimum(z, 0))"),
            ("(da * np.minimum(z, 0)).sum(axis=shared)", "(da * np.minimum(z, 0)).mean(axis=shared)"),
            ("dout * (winner == piece)", "dout * (winner >= 0) + 0 * piece"),
        ],
    ),
    "losses": (
        ["losses"],
        [
            ("scores - scores.max(axis=-1, keepdims=True)", "scores - scores.max()"),
            ("exp /= exp.sum(axis=-1, keepdims=True)", "exp /= exp.sum(axis=-1)"),
            ("exp[rows, labels] -= 1 / n", "exp[rows, labels] -= 1"),
            ("    total *= n\n", ""),
            ("costs = -np.log(probs[", "costs = -np.log2(probs["),
            ("violations[rows, labels] = 0", "violations[rows, labels] = float(margin)"),
            ("float(violations.sum() / n)", "float(violations.mean())"),
            ("error * (2 / error.size)", "error / error.size"),
            ("np.zeros((labels.size, num_classes))", "np.zeros((labels.size, labels.max() + 1))"),
            ("(sigmoid(logits) - y) / logits.size", "(y - sigmoid(logits)) / logits.size"),
        ],
    ),
    "gradcheck": (
        ["gradcheck"],
        [
            ("flat_grad[i] = (above - below) / (2 * h)", "flat_grad[i] = (above - below) / h"),
            ("flat_point[i] = kept  #", "pass  #"),
            ('np.array(x, dtype=np.float64, order="C")', "np.asarray(x)"),
            ("(norm(first) + norm(second))", "max(norm(first), norm(second))"),
        ],
    ),
    "initializers": (
        ["initializers"],
        [
            ("np.sqrt(2 / (fan_in + fan_out))", "2 / (fan_in + fan_out)"),
            ("np.sqrt(2 / fan_in)", "np.sqrt(2 / fan_out)"),
            ("np.sqrt(6 / fan_in)", "np.sqrt(2 / fan_in)"),
            ("gain * (q if", "(q if"),
        ],
    ),
    "minibatches": (
        ["minibatches"],
        [
            ("yield X[chosen], y[chosen]", "yield X[chosen], y[start : start + batch_size]"),
            ("range(0, len(order), batch_size)", "range(0, len(order) - batch_size + 1, batch_size)"),
            ("rng.permutation(len(examples))", "rng.integers(len(examples), size=len(examples))"),
        ],
    ),
    "steps": (
        ["steps"],
        [
            ("averages / (1 - beta**t)", "averages / (1 - beta * t)"),
            ('v = rho * state.get("v", np.zeros_like(w)) + dw', 'v = rho * state.get("v", np.zeros_like(w)) + lr * dw'),
            ("v_hat = v / (1 - beta2**t)", "v_hat = v"),
            ('state.get("t", 0) + 1', "1"),
            ("+ (1 - beta) * dw**2", "+ beta * dw**2"),
            ('state.get("cache", np.zeros_like(w)) + dw**2', '0.9 * state.get("cache", np.zeros_like(w)) + dw**2'),
            ("here = w if gradient is None else w + rho * velocity", "here = w"),
        ],
    ),
    "optimizers": (
        ["optimizers"],
        [
            ("self._small = self.eps / root", "self._small = self.eps"),
            ("self.t += 1", "self.t = 1"),
            ("slice(start, start + _BLOCK)", "slice(start, start + _BLOCK - 1)"),
            ("flat[: self.decayed] *=", "flat[:] *="),
            ("w += np.multiply(v, self.rho, out=scratch)", "w += v"),
        ],
    ),
    "dropout": (
        ["dropout"],
        [
            ("(uniform < keep_prob)", "(uniform > keep_prob)"),
            ("    mask *= 1 / keep_prob\n", ""),
            ("if not train or keep_prob == 1:", "if keep_prob == 1:"),
            ("dx: Array = dout * cache", "dx: Array = dout * (cache > 0)"),
            ("da = dropout_backward(dx, mask)", "da = dx"),
        ],
    ),
    "batchnorm": (
        ["batchnorm"],
        [
            ("x_hat, x_hat) / x.shape[0]", "x_hat, x_hat) / (x.shape[0] - 1 or 1)"),
            ("1 / np.sqrt(var + eps)", "1 / (np.sqrt(var) + eps)"),
            ("dx *= gamma * inv_std", "dx *= inv_std"),
            ("= momentum * old + (1 - momentum) * batch\n", "= (1 - momentum) * old + momentum * batch\n"),
            ("(b - mean) * scale + beta", "(b + mean) * scale + beta"),
            ("scale = gamma / np.sqrt(var + eps)", "scale = 1 / np.sqrt(var + eps)"),
            ("dgamma = (dout * x_hat).sum(axis=0)", "dgamma = (dout * x_hat).mean(axis=0)"),
        ],
    ),
    "clipping": (
        ["clipping"],
        [
            ("if norm > threshold else 1.0", "if norm < threshold else 1.0"),
            ("float(np.sqrt(sum(", "float((sum("),
            ("not np.isfinite(history).all() or", ""),
        ],
    ),
    "schedules": (
        ["schedules"],
        [
            ("return lr0 / (1 + rate * epoch)", "return lr0 / (1 + rate * (epoch + 1))"),
            ("(epoch // every)", "(epoch / every)"),
            ("(step % period) / period", "step / period"),
        ],
    ),
    "regularizers": (
        ["regularizers"],
        [
            ("float(lam / m) * w", "float(lam / (2 * m)) * w"),
            ("float(lam / (2 * m)) * np.sign(w)", "float(lam / m) * np.sign(w)"),
            ("(1 - lr * lam / m) * w", "(1 - lam / m) * w"),
        ],
    ),
    "verdicts": (
        ["verdicts"],
        [
            ("if loss < best:", "if loss <= best:"),
            ("return best_epoch, epoch", "return epoch, epoch"),
            ("train_err - bayes_err > tolerance", "train_err > tolerance"),
        ],
    ),
    "layers": (
        ["network"],
        [
            ("np.add.reduce(dout, axis=0, out=", "np.add.reduce(dout, axis=-1, out="),
            ("np.multiply(dout, self._a > 0, out=dout)", "np.multiply(dout, dout > 0, out=dout)"),
            ("out=x if self.in_place else None", "out=x"),
            ("return dout @ w.T if need_dx", "return dout @ w if need_dx"),
        ],
    ),
    "network": (
        ["network", "training"],
        [
            ("entries.sort(key=lambda entry: not entry[3])", "entries.sort(key=lambda entry: entry[3])"),
            ("outputs[-1].copy(), False, None", "outputs[-1], False, None"),
            ("layers[-1], Affine) else dscores.copy()", "layers[-1], Layer) else dscores.copy()"),
            ("* len(target)\n", "* _EVALUATION_BATCH\n"),
            ('own["gamma"], own["beta"], mean, var', 'own["gamma"], own["beta"], mean, var * 1.1'),
        ],
    ),
    "_run": (
        ["training"],
        [
            ("clip_by_norm(network.grad, self.clip_norm)", "network.grad * self.clip_norm"),
            ("rate_at(epoch=self.epoch, step=len(costs))", "rate_at(epoch=len(costs), step=self.epoch)"),
            ('"smooth": self._smooth,', '"smooth": 0.0,'),
            ("network.grad[: network.num_decayed] +=", "network.grad[network.num_decayed :] +="),
            (
                "self.epoch - 1 - (history.best_epoch or 0) >= patience",
                "self.epoch - (history.best_epoch or 0) >= patience",
            ),
        ],
    ),
    "checkpoints": (
        ["checkpoints", "training"],
        [
            (
                "        temporary.replace(target)\n",
                "        target.write_bytes(temporary.read_bytes())\n        raise SystemExit\n",
            ),
            ('        rng.bit_generator.state = _as_arrays(meta["rng"])\n', "        pass\n"),
            ('    network.set_buffers(_under("buffers/", content))\n', ""),
            ("        temporary.unlink(missing_ok=True)\n", "        pass\n"),
        ],
    ),
    "checks/compare": (
        ["checks/compare"],
        [
            ("np.isfinite(b) & (np.abs(a - b)", "(np.abs(a - b)"),
            ("(np.isnan(a) & np.isnan(b))", "False"),
            ("got, expected = plain(got), plain(expected)", "expected = plain(expected)"),
            ("atol + rtol * np.abs(b))", "atol + rtol)"),
        ],
    ),
}


def survives(folder: Path, module: str, tests: list[str], right: str, wrong: str) -> bool:
    """Plant one bug, run the tests, mend it; True if they all passed."""
    path = folder / "nnlib" / f"{module}.py"
    source = path.read_text(encoding="utf-8")
    if source.count(right) != 1:
        raise SystemExit(
            f"{module}: {right!r} must stand there once, got {source.count(right)} times. Update the list."
        )
    path.write_text(source.replace(right, wrong), encoding="utf-8")
    files = [str(Path("tests/nnlib", name).with_name(f"test_{Path(name).name}.py")) for name in tests]
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *files]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    path.write_text(source, encoding="utf-8")
    return result.returncode == 0


def main(modules: list[str]) -> int:
    """Plant every bug of the named modules, or all; return 1 if one goes unnoticed."""
    unnoticed = total = 0
    with tempfile.TemporaryDirectory(prefix="seeded-") as name:
        folder = Path(name)
        for part in ("nnlib", "tests/nnlib"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "data").mkdir()
        for data in ("digits.npz", "wine.csv"):
            shutil.copy(ROOT / "data" / data, folder / "data")
        shutil.copy(ROOT / "pyproject.toml", folder)
        for module in modules or BUGS:
            tests, bugs = BUGS[module]
            for right, wrong in bugs:
                total += 1
                if survives(folder, module, tests, right, wrong):
                    unnoticed += 1
                    print(f"{module}: unnoticed: {right.strip()}  →  {wrong.strip() or '(nothing)'}", flush=True)
    print(f"{total} bugs, {total - unnoticed} caught")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
