"""Optimizers, schedules, clipping and whole networks against PyTorch, in float64."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nnlib

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'nnlib[crosscheck]'")

OPTIMIZERS = [
    (nnlib.SGD(0.1), lambda p: torch.optim.SGD(p, 0.1)),
    # The average form is the classic one with its rate times 1 - beta.
    (nnlib.Momentum(0.1), lambda p: torch.optim.SGD(p, 0.1 * 0.1, momentum=0.9)),
    (nnlib.Momentum(0.2, beta=0.5), lambda p: torch.optim.SGD(p, 0.2 * 0.5, momentum=0.5)),
    (nnlib.ClassicMomentum(0.1), lambda p: torch.optim.SGD(p, 0.1, momentum=0.9)),
    (nnlib.ClassicMomentum(0.05, rho=0.5), lambda p: torch.optim.SGD(p, 0.05, momentum=0.5)),
    (nnlib.Nesterov(0.1), lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True)),
    (nnlib.Nesterov(0.05, rho=0.5), lambda p: torch.optim.SGD(p, 0.05, momentum=0.5, nesterov=True)),
    (nnlib.AdaGrad(0.1), lambda p: torch.optim.Adagrad(p, 0.1, eps=1e-8)),
    (nnlib.AdaGrad(0.5, eps=1e-2), lambda p: torch.optim.Adagrad(p, 0.5, eps=1e-2)),
    (nnlib.RMSProp(0.01), lambda p: torch.optim.RMSprop(p, 0.01, alpha=0.9, eps=1e-8)),
    (nnlib.RMSProp(0.1, beta=0.5, eps=1e-2), lambda p: torch.optim.RMSprop(p, 0.1, alpha=0.5, eps=1e-2)),
    (nnlib.AdaDelta(), lambda p: torch.optim.Adadelta(p, 1.0, rho=0.9, eps=1e-6)),
    (nnlib.AdaDelta(0.5, rho=0.7, eps=1e-2), lambda p: torch.optim.Adadelta(p, 0.5, rho=0.7, eps=1e-2)),
    (nnlib.Adam(0.01), lambda p: torch.optim.Adam(p, 0.01)),
    (
        nnlib.Adam(0.1, beta1=0.5, beta2=0.9, eps=1e-2),
        lambda p: torch.optim.Adam(p, 0.1, betas=(0.5, 0.9), eps=1e-2),
    ),
    (nnlib.AdamW(0.01), lambda p: torch.optim.AdamW(p, 0.01)),
    (
        nnlib.AdamW(0.1, beta1=0.5, eps=1e-2, weight_decay=0.3),
        lambda p: torch.optim.AdamW(p, 0.1, betas=(0.5, 0.999), eps=1e-2, weight_decay=0.3),
    ),
]


@pytest.mark.parametrize(
    ("ours", "make"), OPTIMIZERS, ids=[f"{type(o).__name__}-{i}" for i, (o, _) in enumerate(OPTIMIZERS)]
)
def test_ten_steps_of_every_optimizer(ours, make):
    """Ten steps on the same gradients end at the same place."""
    rng = np.random.default_rng(3)
    theta = rng.normal(size=12)
    parameter = torch.tensor(theta.copy(), requires_grad=True)
    theirs = make([parameter])
    for grad in rng.normal(size=(10, 12)):
        ours.step(theta, grad)
        parameter.grad = torch.tensor(grad)
        theirs.step()
    assert_allclose(theta, parameter.detach().numpy(), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(
    ("ours", "make"),
    [
        (lambda e: nnlib.exponential_decay(0.2, e, 0.95), lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.95)),
        (lambda e: nnlib.staircase_decay(0.2, e, 0.5, 3), lambda o: torch.optim.lr_scheduler.StepLR(o, 3, 0.5)),
        (
            lambda e: nnlib.cosine_restarts(0.2, 0.01, e, 5),
            lambda o: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(o, 5, eta_min=0.01),
        ),
    ],
    ids=["exponential", "staircase", "cosine restarts"],
)
def test_schedules(ours, make):
    """Thirteen epochs of rates agree."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.2)
    scheduler = make(optimizer)
    for epoch in range(13):
        assert ours(epoch) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-9)
        optimizer.step()
        scheduler.step()


def test_clipping():
    """Global norm and value clipping agree (PyTorch adds 1e-6 to the norm it divides by)."""
    rng = np.random.default_rng(4)
    grads = [rng.normal(scale=3, size=(4, 5)), rng.normal(size=7)]
    parameters = [torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for g in grads]
    for parameter, g in zip(parameters, grads, strict=True):
        parameter.grad = torch.tensor(g)
    torch.nn.utils.clip_grad_norm_(parameters, 2.0)
    for parameter, ours in zip(parameters, nnlib.clip_by_global_norm(grads, 2.0), strict=True):
        assert_allclose(ours, parameter.grad.numpy(), rtol=1e-6)
    parameters[0].grad = torch.tensor(grads[0])
    torch.nn.utils.clip_grad_value_(parameters[:1], 0.7)
    assert_allclose(nnlib.clip_by_value(grads[0], -0.7, 0.7), parameters[0].grad.numpy())


def twin(network):
    """Build the PyTorch network with the same layers and parameters."""
    modules = []
    for layer in network.layers:
        p = {name: torch.tensor(value.copy()) for name, value in layer.params.items()}
        match layer:
            case nnlib.Affine():
                module = torch.nn.Linear(layer.fan_in, layer.fan_out, dtype=torch.float64)
                state = {"weight": p["W"].T.contiguous(), "bias": p["b"]}
            case nnlib.BatchNorm():
                module = torch.nn.BatchNorm1d(
                    layer.size, eps=layer.eps, momentum=1 - layer.momentum, dtype=torch.float64
                )
                state = {"weight": p["gamma"], "bias": p["beta"]}
            case nnlib.PReLU():
                module, state = torch.nn.PReLU(layer.size, dtype=torch.float64), {"weight": p["alpha"]}
            case nnlib.ELU():
                module, state = torch.nn.ELU(layer.alpha), {}
            case _:
                module, state = getattr(torch.nn, type(layer).__name__)(), {}
        module.load_state_dict(state, strict=False)
        modules.append(module)
    return torch.nn.Sequential(*modules)


def theta_of(model, network):
    """Read the PyTorch parameters in the order of our theta."""
    parts = []
    for name in network.params:
        i, kind = name.split(".")
        value = getattr(model[int(i)], "weight" if kind in ("W", "gamma", "alpha") else "bias").detach().numpy()
        parts.append((value.T if kind == "W" else value).ravel())
    return np.concatenate(parts)


NETS = {
    "relu": {},
    "tanh": {"activation": "tanh"},
    "elu": {"activation": "elu"},
    "batch norm": {"batchnorm": True},
    "prelu with batch norm": {"activation": "prelu", "batchnorm": True},
}
RULES = {
    "adam": (lambda: nnlib.Adam(0.01), lambda p: torch.optim.Adam(p, 0.01)),
    "nesterov": (lambda: nnlib.Nesterov(0.05), lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, nesterov=True)),
}


@pytest.mark.parametrize("options", NETS.values(), ids=NETS)
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_fifty_steps_of_a_whole_network(options, rule):
    """From the same weights over the same batches, all costs and parameters stay within 1e-6."""
    rng = np.random.default_rng(6)
    X, y = nnlib.load_digits()
    network = nnlib.build_network([64, 32, 16, 10], rng, dtype=np.float64, **options)
    model = twin(network)
    ours, theirs = rule[0](), rule[1](model.parameters())
    batches = [batch for _ in range(2) for batch in nnlib.random_minibatches(X, y, 64, rng)][:50]
    assert min(len(labels) for _, labels in batches) < 64  # a short last batch is among them
    for examples, labels in batches:
        cost = network.loss_and_grad(examples, labels)
        ours.step(network.theta, network.grad)
        theirs.zero_grad()
        expected = torch.nn.functional.cross_entropy(model(torch.tensor(examples)), torch.tensor(labels))
        expected.backward()
        theirs.step()
        assert cost == pytest.approx(expected.item(), abs=1e-6)
    assert np.abs(network.theta - theta_of(model, network)).max() < 1e-6
    if not options.get("batchnorm"):  # its running variances follow another convention
        model.eval()
        assert_allclose(network.forward(X), model(torch.tensor(X)).detach().numpy(), atol=1e-5)


def test_fifty_steps_with_l2_and_clipping():
    """fit's penalty and clipping are PyTorch's weight_decay on the weights alone and clip_grad_norm_."""
    rng = np.random.default_rng(7)
    X, y = nnlib.load_digits()
    X, y, lam = X[:640], y[:640], 3.0
    network = nnlib.build_network([64, 32, 10], rng, dtype=np.float64)
    model = twin(network)
    weights = [p for p in model.parameters() if p.ndim == 2]
    others = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": weights}, {"params": others}]
    theirs = torch.optim.SGD(groups, 0.1)
    nnlib.fit(network, X, y, rng=np.random.default_rng(8), epochs=5, optimizer=nnlib.SGD(0.1), lam=lam, clip_norm=0.5)
    shuffle = np.random.default_rng(8)
    for _ in range(5):
        for examples, labels in nnlib.random_minibatches(X, y, 64, shuffle):
            theirs.zero_grad()
            cost = torch.nn.functional.cross_entropy(model(torch.tensor(examples)), torch.tensor(labels))
            (cost + lam / (2 * 640) * sum((w**2).sum() for w in weights)).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
            theirs.step()
    # clip_grad_norm_ divides by the norm plus 1e-6, so fifty steps differ by about that.
    assert np.abs(network.theta - theta_of(model, network)).max() < 1e-5
