"""The figures show the data they were given, in one look, and leave nothing behind."""

import math
from itertools import combinations, pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import same_color, to_rgb
from mpl_toolkits.mplot3d import Axes3D

from nnbook_utils import plots

SQUARE = ((-3.0, 3.0), (-2.0, 2.0))
PATH = np.array([[2.0, 1.0], [1.0, -0.5], [0.25, 0.25], [0.0, 0.1]])
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
SAMPLES = np.array([[1.0, 2.0], [-1.0, 0.5], [2.0, -1.5], [0.5, -0.25]])
WEIGHTS = [np.array([[1.0, -2.0], [0.5, 0.0], [-0.25, 4.0]]), np.array([[1, -1, 3]])]
BIASES = [[0.1, -0.2, 0.3], [-1.5]]
VALUES = [[0, 1], [0.123, -0.456, 100], [1]]


def bowl(w):
    return 0.5 * w[0] ** 2 + 2 * w[1] ** 2


def sign(X):
    return np.where(X[:, 0] + 2 * X[:, 1] >= 0.5, 1, -1)


def step(z):
    return (z >= 0) * 1.0


FLAT = {
    "curve": lambda ax=None: plots.curve(lambda x: x**2, (-1, 2), label="$f$", ax=ax),
    "contour_path": lambda ax=None: plots.contour_path(
        bowl, PATH, optimum=(0, 0), label="descent", ax=ax
    ),
    "draw_path": lambda ax=None: plots.draw_path(PATH, ax=ax),
    "training_curves": lambda ax=None: plots.training_curves(
        [3, 2, 1], [3, 2, 2], ax=ax
    ),
    "scatter_classes": lambda ax=None: plots.scatter_classes(
        SAMPLES, [1, -1, 1, -1], ax=ax
    ),
    "decision_regions": lambda ax=None: plots.decision_regions(
        sign, SAMPLES, sign(SAMPLES), ax=ax
    ),
    "half_planes": lambda ax=None: plots.half_planes(
        [[1, 0], [1, 1]], [0, 1], region=SQUARE, ax=ax
    ),
    "truth_table_plot": lambda ax=None: plots.truth_table_plot(
        CORNERS, [0, 1, 1, 0], classify=lambda X: (X.sum(axis=1) > 0.5) * 1, ax=ax
    ),
    "activation_plot": lambda ax=None: plots.activation_plot(
        step, np.zeros_like, breaks=(0,), ax=ax
    ),
    "fitted_curve": lambda ax=None: plots.fitted_curve(
        [0, 1, 2], [1, 2, 2], np.sqrt, truth=np.sin, ax=ax
    ),
    "step_lengths": lambda ax=None: plots.step_lengths(PATH, tolerance=0.5, ax=ax),
    "vectors": lambda ax=None: plots.vectors([[1, 2]], names=["$a$"], ax=ax),
    "linear_map": lambda ax=None: plots.linear_map([[0, -1], [1, 0]], ax=ax),
    "unit_balls": lambda ax=None: plots.unit_balls(ax=ax),
    "image_grid": lambda ax=None: plots.image_grid(
        np.eye(3)[None], titles=["I"], ax=ax
    ),
    "network_diagram": lambda ax=None: plots.network_diagram(
        WEIGHTS, BIASES, values=VALUES, ax=ax
    ),
}
SPACE = {
    "loss_surface": lambda ax=None: plots.loss_surface(
        bowl, region=SQUARE, iterates=PATH, optimum=(0, 0), ax=ax
    ),
    "fitted_plane": lambda ax=None: plots.fitted_plane(
        SAMPLES, [1, 2, 3, 4], [1, 0.5, -1], ax=ax
    ),
}
EVERY = FLAT | SPACE


@pytest.fixture(autouse=True)
def no_figures():
    """Each test starts without figures, in the book's style, and leaves neither."""
    plt.close("all")
    with plt.rc_context():
        plots.use_style()
        plt.rcParams["figure.dpi"] = 50  # quicker to draw
        yield
    plt.close("all")


def new_axes(name):
    kind = {"projection": "3d"} if name in SPACE else {}
    return plt.subplots(subplot_kw=kind)[1]


def having(ax, gid):
    """Return the artists on `ax` that carry the mark `gid`."""
    return [artist for artist in ax.get_children() if artist.get_gid() == gid]


def drawn(ax, gid):
    (line,) = having(ax, gid)
    return np.column_stack(line.get_data())


def texts(ax, gid):
    return [text.get_text() for text in having(ax, gid)]


def test_every_public_function_is_tried_here():
    functions = {name for name in plots.__all__ if callable(getattr(plots, name))}
    assert functions == {*EVERY, "use_style", "panels"}


# The look -----------------------------------------------------------------------------


def test_style_can_be_used_twice_and_sets_the_column_and_the_paper():
    plots.use_style()
    once = dict(plt.rcParams)
    plots.use_style()
    assert dict(plt.rcParams) == once
    assert tuple(plt.rcParams["figure.figsize"]) == (6.4, 4.0)
    for setting in ("figure.facecolor", "axes.facecolor", "savefig.facecolor"):
        assert same_color(plt.rcParams[setting], plots.PAPER)


def test_letters_are_at_least_eight_pixels_on_a_small_telephone():
    pixels_an_inch = 320 / plt.rcParams["figure.figsize"][0]
    for setting in (
        "font.size",
        "axes.labelsize",
        "xtick.labelsize",
        "legend.fontsize",
    ):
        assert plt.rcParams[setting] / 72 * pixels_an_inch >= 8


def linear(colour):
    part = np.array(to_rgb(colour))
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)
PALETTE = ["INK", "TRUTH", "NEGATIVE", "POSITIVE", "LEARNED", "GOAL"]


@pytest.mark.parametrize("name", PALETTE)
def test_colours_stand_out_from_the_paper(name):
    # Web Content Accessibility Guidelines 2.2, 1.4.11: 3 to 1 for graphics.
    paper, ink = (TO_XYZ[1] @ linear(c) for c in (plots.PAPER, getattr(plots, name)))
    assert (paper + 0.05) / (ink + 0.05) >= 3


# Machado, Oliveira and Fernandes (2009), severity 1: how linear light is seen.
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def lab(light):
    """Return CIELAB coordinates, in which a distance of 2 can just be seen."""
    part = TO_XYZ @ light / TO_XYZ.sum(axis=1)
    root = np.where(part > 0.008856, np.cbrt(part), 7.787 * part + 16 / 116)
    x, y, z = root
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_stand_out_from_each_other_for_colour_blind_eyes(sight):
    seen = {
        name: lab(np.clip(SIGHT[sight] @ linear(getattr(plots, name)), 0, 1))
        for name in PALETTE
    }
    for one, other in combinations(PALETTE, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 20, (one, other)


def test_the_two_classes_differ_in_shape_and_on_a_grey_print():
    (zero, circle), (one, square) = plots.CLASSES[:2]
    assert (zero, one) == (plots.NEGATIVE, plots.POSITIVE)
    assert circle != square
    assert lab(linear(one))[0] - lab(linear(zero))[0] > 25


def test_every_class_has_its_own_colour_and_shape():
    colours, shapes = zip(*plots.CLASSES, strict=True)
    assert len(set(colours)) == len(set(shapes)) == len(plots.CLASSES)


# What every function does -------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_draws_on_the_axes_given_and_opens_no_figure(name):
    ax = new_axes(name)
    assert EVERY[name](ax=ax) is ax
    assert plt.get_fignums() == [ax.figure.number]
    assert len(ax.figure.axes) == 1


@pytest.mark.parametrize("name", EVERY)
def test_opens_one_figure_without_axes_even_if_another_is_open(name):
    other = new_axes(name)
    ax = EVERY[name]()
    assert isinstance(ax, Axes)
    assert isinstance(ax, Axes3D) == (name in SPACE)
    assert ax is not other
    assert len(plt.get_fignums()) == 2


@pytest.mark.parametrize("name", EVERY)
def test_is_the_same_twice_on_paper_and_says_nothing(name, capsys, caplog):
    lines, pictures = [], []
    for _ in range(2):
        ax = EVERY[name]()
        lines.append(repr(ax))
        ax.figure.canvas.draw()
        pictures.append(np.asarray(ax.figure.canvas.buffer_rgba()))
    assert lines[0] == lines[1]
    assert "0x" not in lines[0]
    np.testing.assert_array_equal(*pictures)
    assert (pictures[0][[0, 0, -1, -1], [0, -1, 0, -1]] == 255).all()
    assert capsys.readouterr() == ("", "")
    assert not caplog.records


@pytest.mark.parametrize("name", EVERY)
def test_changes_nothing_of_the_callers(name):
    arrays = [PATH, SAMPLES, CORNERS, *WEIGHTS]
    kept = [array.copy() for array in arrays]
    settings = dict(plt.rcParams)
    EVERY[name]()
    for before, after in zip(kept, arrays, strict=True):
        np.testing.assert_array_equal(before, after)
    assert dict(plt.rcParams) == settings


@pytest.mark.parametrize("name", EVERY)
def test_refuses_what_is_not_axes_and_opens_no_figure(name):
    with pytest.raises(TypeError, match="ax is 'left', expected"):
        EVERY[name](ax="left")
    assert plt.get_fignums() == []


@pytest.mark.parametrize("name", SPACE)
def test_surfaces_refuse_flat_axes(name):
    with pytest.raises(TypeError, match="leave ax out"):
        SPACE[name](ax=plt.subplots()[1])


@pytest.mark.parametrize(
    "name",
    sorted(EVERY.keys() - {"network_diagram", "image_grid", "draw_path", "curve"}),
)
def test_axes_have_labels(name):
    ax = EVERY[name]()
    assert ax.get_xlabel()
    if name != "activation_plot":  # the legend names what is drawn
        assert ax.get_ylabel()
    if name in SPACE:
        assert ax.get_zlabel()


def test_panels_stand_side_by_side():
    fig, axes = plots.panels(3, height=2.5, sharey=True)
    assert len(axes) == len(fig.axes) == 3
    assert tuple(fig.get_size_inches()) == pytest.approx((9.6, 2.5))
    axes[0].set_ylim(-1, 7)
    assert axes[2].get_ylim() == (-1, 7)
    assert axes[0].get_position().x1 < axes[1].get_position().x0
    fig, axes = plots.panels(1)
    assert len(axes) == 1
    assert tuple(fig.get_size_inches()) == pytest.approx((6.4, 3))


def test_panels_refuse():
    with pytest.raises(ValueError, match="count is 0, expected at least 1"):
        plots.panels(0)
    with pytest.raises(ValueError, match=r"height is 0, expected .* above 0"):
        plots.panels(2, height=0)
    assert plt.get_fignums() == []


# Descents -----------------------------------------------------------------------------


def test_contour_path_draws_the_iterates_the_start_and_the_star():
    ax = plots.contour_path(bowl, PATH, optimum=(0, 0), label="descent")
    np.testing.assert_array_equal(drawn(ax, "path"), PATH)
    np.testing.assert_array_equal(drawn(ax, "start"), PATH[:1])
    np.testing.assert_array_equal(drawn(ax, "optimum"), [[0, 0]])
    (star,) = having(ax, "optimum")
    assert star.get_marker() == "*"
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["optimum", "descent"]


def test_contour_path_without_names_has_no_legend():
    assert plots.contour_path(bowl, PATH).get_legend() is None


def test_level_lines_lie_where_the_cost_has_their_value():
    ax = plots.contour_path(bowl, PATH, region=SQUARE, levels=7)
    (lines,) = having(ax, "levels")
    assert len(lines.levels) == 7
    checked = 0
    for height, line in zip(lines.levels, lines.get_paths(), strict=True):
        for u, v in line.vertices:
            # A chord of the grid's cells lies above a convex function.
            assert bowl((u, v)) == pytest.approx(height, abs=0.02)
            checked += 1
    assert checked > 100


def test_level_lines_of_a_bowl_are_evenly_spaced():
    ax = plots.contour_path(bowl, PATH, region=((-4, 4), (-2, 2)), levels=9)
    (lines,) = having(ax, "levels")
    np.testing.assert_allclose(np.diff(np.sqrt(lines.levels), 2), 0, atol=1e-12)
    # 4 and 2 give the corner the cost 16, of which the lines leave out both ends.
    np.testing.assert_allclose(lines.levels[0], 16 / 100)
    np.testing.assert_allclose(lines.levels[-1], 16 * 81 / 100)


def test_region_given_is_the_region_shown_even_if_the_path_leaves_it():
    far = PATH * 100
    ax = plots.contour_path(bowl, far, region=SQUARE)
    assert (ax.get_xlim(), ax.get_ylim()) == SQUARE
    np.testing.assert_array_equal(drawn(ax, "path"), far)


@pytest.mark.parametrize(
    ("path", "optimum", "region"),
    [
        ([[0, 0], [10, 5]], None, ((-2, 12), (-1, 6))),
        ([[0, 0], [10, 0]], None, ((-2, 12), (-2, 2))),
        ([[3, 4]], None, ((2.8, 3.2), (3.8, 4.2))),
        ([[0, 0], [1, 5]], (10, 0), ((-2, 12), (-1, 6))),
    ],
)
def test_region_is_the_path_and_the_optimum_with_a_margin(path, optimum, region):
    ax = plots.contour_path(bowl, path, optimum=optimum)
    np.testing.assert_allclose([ax.get_xlim(), ax.get_ylim()], region)


def test_second_path_keeps_the_first_and_both_names():
    ax = plots.contour_path(bowl, PATH, region=SQUARE, label="one")
    plots.draw_path(-PATH, label="two", colour=plots.INK, marker="x", ax=ax)
    first, second = having(ax, "path")
    np.testing.assert_array_equal(np.column_stack(first.get_data()), PATH)
    np.testing.assert_array_equal(np.column_stack(second.get_data()), -PATH)
    assert same_color(second.get_color(), plots.INK)
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["one", "two"]
    assert (ax.get_xlim(), ax.get_ylim()) == SQUARE


def test_contour_path_refuses():
    with pytest.raises(ValueError, match=r"iterates has shape \(2,\).*weights a row"):
        plots.contour_path(bowl, [1, 2])
    with pytest.raises(ValueError, match=r"iterates.*is nan"):
        plots.contour_path(bowl, [[1, np.nan]])
    with pytest.raises(ValueError, match=r"optimum has shape \(3,\)"):
        plots.contour_path(bowl, PATH, optimum=[0, 0, 0])
    with pytest.raises(ValueError, match="expected low < high in each pair"):
        plots.contour_path(bowl, PATH, region=((0, 1), (2, 2)))
    with pytest.raises(ValueError, match=r"region has shape \(2,\)"):
        plots.contour_path(bowl, PATH, region=(0, 1))
    with pytest.raises(ValueError, match="levels is 0, expected at least 1"):
        plots.contour_path(bowl, PATH, levels=0)
    with pytest.raises(ValueError, match=r"f is 3 everywhere.*no level lines"):
        plots.contour_path(lambda w: 3.0, PATH)
    with pytest.raises(ValueError, match=r"f\(w\) is inf"):
        plots.contour_path(lambda w: np.inf, PATH)
    with pytest.raises(TypeError, match=r"f\(w\) is array"):
        plots.contour_path(lambda w: w, PATH)
    with pytest.raises(ValueError, match=r"iterates has shape \(4, 3\)"):
        plots.draw_path(np.ones((4, 3)))
    assert plt.get_fignums() == []


def test_one_level_line_is_enough():
    (lines,) = having(plots.contour_path(bowl, PATH, levels=1), "levels")
    assert len(lines.levels) == 1


def test_loss_surface_puts_the_path_and_the_star_on_the_surface():
    ax = plots.loss_surface(bowl, region=SQUARE, iterates=PATH, optimum=(1, 1))
    (path,), (star,) = having(ax, "path"), having(ax, "optimum")
    marked = np.transpose(path.get_data_3d())[:: path.get_markevery()]
    np.testing.assert_allclose(marked[:, :2], PATH)
    for line in (path, star):
        u, v, height = np.array(line.get_data_3d())
        np.testing.assert_allclose(height, bowl((u, v)))
    np.testing.assert_allclose(np.ravel(star.get_data_3d()), [1, 1, 2.5])
    np.testing.assert_allclose([ax.get_xlim(), ax.get_ylim()], SQUARE)


def test_loss_surface_alone():
    ax = plots.loss_surface(bowl, region=SQUARE, names=("$a$", "$b$", "loss"))
    assert having(ax, "path") == having(ax, "optimum") == []
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_zlabel()) == ("$a$", "$b$", "loss")


def test_loss_surface_refuses():
    with pytest.raises(ValueError, match="iterates has shape"):
        plots.loss_surface(bowl, region=SQUARE, iterates=[[1, 2, 3]])
    with pytest.raises(ValueError, match="optimum has shape"):
        plots.loss_surface(bowl, region=SQUARE, optimum=[[1, 2]])
    with pytest.raises(ValueError, match="low < high"):
        plots.loss_surface(bowl, region=((1, -1), (0, 1)))
    assert plt.get_fignums() == []


def test_step_lengths_are_the_distances_between_iterates():
    ax = plots.step_lengths([[0, 0], [3, 4], [3, 5], [3, 5]], tolerance=0.5)
    np.testing.assert_array_equal(drawn(ax, "lengths"), [[1, 5], [2, 1], [3, 0]])
    np.testing.assert_array_equal(having(ax, "stop")[0].get_ydata(), [0.5, 0.5])
    assert ax.get_yscale() == "log"


def test_step_lengths_refuses():
    for still in ([[1, 2]], [[1, 2], [1, 2]]):
        with pytest.raises(ValueError, match="iterates never move"):
            plots.step_lengths(still)
    with pytest.raises(ValueError, match=r"tolerance is 0, expected .* above 0"):
        plots.step_lengths(PATH, tolerance=0)
    assert having(plots.step_lengths(PATH), "stop") == []


# Training -----------------------------------------------------------------------------


def test_training_curves_draw_both_curves_epoch_by_epoch():
    ax = plots.training_curves([3, 2, 1.5], [4, 3, 3.5], quantity="cost (minutes²)")
    np.testing.assert_array_equal(drawn(ax, "training"), [[0, 3], [1, 2], [2, 1.5]])
    np.testing.assert_array_equal(drawn(ax, "validation"), [[0, 4], [1, 3], [2, 3.5]])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "cost (minutes²)")
    assert ax.get_yscale() == "linear"
    looks = {(line.get_color(), line.get_linestyle()) for line in ax.get_lines()}
    assert looks == {(plots.LEARNED, "-"), (plots.GOAL, "--")}


def test_training_curves_alone_from_one_on_a_logarithmic_axis():
    ax = plots.training_curves([1, 0.1], clock="step", first=1, log=True)
    np.testing.assert_array_equal(drawn(ax, "training"), [[1, 1], [2, 0.1]])
    assert having(ax, "validation") == []
    assert ax.get_yscale() == "log"
    assert ax.get_xlabel() == "step"


def test_training_curves_refuse():
    with pytest.raises(ValueError, match=r"training has shape \(0,\).*not empty"):
        plots.training_curves([])
    with pytest.raises(ValueError, match=r"validation has shape \(2,\), expected \(3,"):
        plots.training_curves([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="validation holds 0, which has no logarithm"):
        plots.training_curves([1, 2], [0, 1], log=True)
    with pytest.raises(TypeError, match=r"first is 0\.5"):
        plots.training_curves([1], first=0.5)
    assert plt.get_fignums() == []


# Classes ------------------------------------------------------------------------------


@pytest.mark.parametrize("low", [-1, 0])
def test_scatter_classes_gives_each_class_its_colour_and_shape(low):
    y = np.array([1, low, 1, low])
    ax = plots.scatter_classes(SAMPLES, y, features=("length (cm)", "width (cm)"))
    for label, gid, colour in (
        (low, "class 0", "NEGATIVE"),
        (1, "class 1", "POSITIVE"),
    ):
        (points,) = having(ax, gid)
        np.testing.assert_array_equal(points.get_offsets(), SAMPLES[y == label])
        assert same_color(points.get_facecolor()[0], getattr(plots, colour))
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == [f"$y = {low}$", "$y = 1$"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("length (cm)", "width (cm)")


def test_scatter_classes_refuses():
    with pytest.raises(ValueError, match=r"X has shape \(1, 3\).*two features"):
        plots.scatter_classes([[1, 2, 3]], [1])
    with pytest.raises(ValueError, match="one label a sample"):
        plots.scatter_classes(SAMPLES, [1, 1])
    for strange in (5, -2, 0.5):
        with pytest.raises(ValueError, match=f"y holds the label {strange}, expected"):
            plots.scatter_classes(SAMPLES, [1, 1, 1, strange])
    with pytest.raises(ValueError, match="both -1 and 0, which share a colour"):
        plots.scatter_classes(SAMPLES, [1, 0, -1, 1])
    with pytest.raises(ValueError, match="size is 0"):
        plots.scatter_classes(SAMPLES, [1, 0, 0, 1], size=0)
    assert plt.get_fignums() == []


def mesh(ax):
    """Return the coloured mesh's points and their places in the palette."""
    (quads,) = (c for c in ax.collections if type(c).__name__ == "QuadMesh")
    return quads


def test_decision_regions_agree_with_the_classifier_everywhere():
    points = 60
    ax = plots.decision_regions(sign, region=SQUARE, points=points)
    u, v = np.meshgrid(np.linspace(-3, 3, points), np.linspace(-2, 2, points))
    expected = sign(np.column_stack([u.ravel(), v.ravel()])).reshape(u.shape) > 0
    np.testing.assert_array_equal(mesh(ax).get_array(), expected)
    # Cells are centred on the points that were asked.
    corner = mesh(ax).get_coordinates()
    np.testing.assert_allclose((corner[0, 0] + corner[1, 1]) / 2, [-3, -2])


def test_regions_have_the_tint_of_their_class():
    quads = mesh(plots.decision_regions(sign, region=SQUARE))
    for place, (colour, _) in enumerate(plots.CLASSES):
        pale = np.array(quads.to_rgba(place)[:3])
        full = np.array(to_rgb(colour))
        np.testing.assert_allclose((1 - pale) / (1 - full), 0.22, atol=1e-6)


def test_boundary_separates_the_signs():
    ax = plots.decision_regions(sign, region=SQUARE)
    (line,) = having(ax, "boundary")
    found = line.get_paths()[0].vertices
    assert len(found) > 100
    # Within one cell of the true line x1 + 2 x2 = 0.5.
    assert np.abs(found @ [1, 2] - 0.5).max() < 6 / 400 + 2 * 4 / 400


def test_one_class_has_no_boundary_and_three_have_two():
    alone = plots.decision_regions(lambda X: np.ones(len(X)), region=SQUARE)
    assert having(alone, "boundary") == []
    three = plots.decision_regions(
        lambda X: np.clip(np.floor(X[:, 0]) + 1, 0, 2), region=SQUARE
    )
    assert len(having(three, "boundary")) == 2


def test_decision_regions_draws_samples_and_shows_them_with_a_margin():
    y = [1, -1, 1, -1]
    ax = plots.decision_regions(sign, SAMPLES, y, features=("a", "b"))
    np.testing.assert_array_equal(
        having(ax, "class 0")[0].get_offsets(), SAMPLES[[1, 3]]
    )
    np.testing.assert_allclose(ax.get_xlim(), [-1.6, 2.6])
    np.testing.assert_allclose(ax.get_ylim(), [-2.2, 2.7])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("a", "b")


def test_decision_regions_refuse():
    with pytest.raises(ValueError, match="X and y belong together"):
        plots.decision_regions(sign, SAMPLES)
    with pytest.raises(ValueError, match="X and y belong together"):
        plots.decision_regions(sign, y=[1])
    with pytest.raises(ValueError, match="region is missing"):
        plots.decision_regions(sign)
    with pytest.raises(ValueError, match=r"classify\(X\) has shape .*a row of X"):
        plots.decision_regions(lambda X: X, region=SQUARE)
    with pytest.raises(ValueError, match=r"classify\(X\) holds the label 0\.3"):
        plots.decision_regions(lambda X: np.full(len(X), 0.3), region=SQUARE)
    with pytest.raises(ValueError, match="points is 1, expected at least 2"):
        plots.decision_regions(sign, region=SQUARE, points=1)
    with pytest.raises(ValueError, match=r"X has shape \(4, 3\)"):
        plots.decision_regions(sign, np.ones((4, 3)), [1, 1, 1, 1])
    with pytest.raises(ValueError, match="y holds the label 7"):
        plots.decision_regions(sign, SAMPLES, [1, 7, 1, 1])
    assert plt.get_fignums() == []


def test_half_planes_draw_the_lines_and_name_the_regions():
    W, b = np.array([[1.0, 0.0], [1.0, 2.0]]), np.array([0.5, -1.0])
    ax = plots.half_planes(W, b, region=SQUARE)
    lines = having(ax, "line")
    assert len(lines) == 2
    for line, w, offset in zip(lines, W, b, strict=True):
        for point in (line.get_xy1(), line.get_xy2()):
            assert w @ point + offset == pytest.approx(0)
    codes = having(ax, "code")
    assert {code.get_text() for code in codes} == {"00", "01", "10", "11"}
    for code in codes:
        answers = W @ code.get_position() + b >= 0
        assert code.get_text() == "".join(str(int(a)) for a in answers)
    for arrow, w, offset in zip(having(ax, "arrows"), W, b, strict=True):
        assert w @ arrow.XY[0] + offset == pytest.approx(0, abs=1e-12)
        tip = np.array([arrow.U[0], arrow.V[0]])
        assert tip / np.hypot(*tip) == pytest.approx(w / np.hypot(*w))
        assert np.hypot(*tip) == pytest.approx(0.09 * 4)
    assert mesh(ax).get_array().max() == 2


def test_half_planes_without_room_for_an_arrow_or_a_name():
    ax = plots.half_planes([[1, 0], [0, 1]], [10, -1.99], region=SQUARE)
    assert texts(ax, "code") == ["10"]  # the strip x2 > 1.99 is too thin for a name
    assert len(having(ax, "line")) == 2
    assert len(having(ax, "arrows")) == 1


def test_half_planes_count_the_tie_as_one():
    ax = plots.half_planes([[1, 0]], [0], region=((-1, 1), (-1, 1)))
    shares = mesh(ax).get_array().mean()
    assert shares == pytest.approx(121 / 241)  # 241 columns, the middle one at 0


def test_half_planes_refuse():
    with pytest.raises(ValueError, match=r"W\[1\] is zero.*give it a direction"):
        plots.half_planes([[1, 0], [0, 0]], [0, 1], region=SQUARE)
    with pytest.raises(ValueError, match="one bias a perceptron"):
        plots.half_planes([[1, 0]], [0, 1], region=SQUARE)
    with pytest.raises(ValueError, match="one perceptron a row"):
        plots.half_planes([1, 0], [0], region=SQUARE)
    assert plt.get_fignums() == []


def test_truth_table_writes_each_output_on_its_corner():
    outputs = [0, 1, 1, 0]
    ax = plots.truth_table_plot(CORNERS, outputs, features=("p", "q"))
    written = {text.get_position(): text.get_text() for text in ax.texts}
    assert written == {(0, 0): "0", (0, 1): "1", (1, 0): "1", (1, 1): "0"}
    np.testing.assert_array_equal(
        having(ax, "class 1")[0].get_offsets(), CORNERS[[1, 2]]
    )
    assert ax.get_legend() is None
    assert ax.get_xlabel() == "p"
    assert list(ax.get_xticks()) == list(ax.get_yticks()) == [0, 1]
    assert ax.get_aspect() == 1


def test_truth_table_with_regions():
    ax = plots.truth_table_plot(
        CORNERS, [0, 0, 0, 1], classify=lambda X: (X.sum(axis=1) > 1.5) * 1
    )
    assert len(having(ax, "boundary")) == 1
    assert ax.get_xlim() == ax.get_ylim() == (-0.4, 1.4)


def test_truth_table_refuses():
    with pytest.raises(ValueError, match="four rows of a truth table"):
        plots.truth_table_plot([[0], [1]], [1, 0])
    with pytest.raises(ValueError, match="X holds the label 2, expected 0 or 1"):
        plots.truth_table_plot(CORNERS * 2, [1, 0, 0, 1])
    with pytest.raises(ValueError, match="y holds the label -1, expected 0 or 1"):
        plots.truth_table_plot(CORNERS, [1, 0, 0, -1])
    assert plt.get_fignums() == []


# Curves -------------------------------------------------------------------------------


def test_curve_draws_the_function_and_keeps_what_was_there():
    ax = plots.curve(math.exp, (-1, 2), label="exp")
    x, height = drawn(ax, "curve").T
    assert (x[0], x[-1]) == (-1, 2)
    np.testing.assert_allclose(height, np.exp(x))
    plots.curve(math.sin, (0, 1), label="sin", colour=plots.TRUTH, ax=ax)
    first, second = having(ax, "curve")
    assert same_color(first.get_color(), plots.INK)
    assert same_color(second.get_color(), plots.TRUTH)
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["exp", "sin"]


def test_curve_refuses():
    with pytest.raises(ValueError, match=r"span is \(1, 1\), expected low < high"):
        plots.curve(math.exp, (1, 1))
    with pytest.raises(ValueError, match=r"f\(x\) is inf"):
        plots.curve(lambda x: np.inf, (0, 1))
    with pytest.raises(TypeError, match=r"f\(x\) is array"):
        plots.curve(lambda x: np.array([x]), (0, 1))
    assert plt.get_fignums() == []


def test_activation_plot_draws_the_value_and_the_derivative():
    ax = plots.activation_plot(
        np.tanh, lambda z: 1 / np.cosh(z) ** 2, name="tanh", interval=(-3, 2)
    )
    z, value = drawn(ax, "tanh").T
    assert (z[0], z[-1]) == (pytest.approx(-3), pytest.approx(2))
    np.testing.assert_allclose(value, np.tanh(z))
    _, slope = drawn(ax, "derivative").T
    np.testing.assert_allclose(slope, np.gradient(value, z), atol=1e-3)
    assert having(ax, "taken") == []
    assert ax.get_xlim() == (-3, 2)


def test_activation_plot_breaks_the_curve_where_it_jumps():
    ax = plots.activation_plot(
        lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0, name="ReLU", breaks=(0,)
    )
    z, slope = drawn(ax, "derivative").T
    assert np.isnan(slope).sum() == 1
    assert set(slope[z < 0]) == {0}
    assert set(slope[z > 0]) == {1}
    # One dot: the value is continuous, the derivative is not, and is 0 at the kink.
    np.testing.assert_array_equal(drawn(ax, "taken"), [[0, 0]])
    assert having(ax, "taken")[0].get_color() == plots.GOAL


def test_activation_plot_alone():
    ax = plots.activation_plot(step, name="threshold", breaks=[0])
    assert having(ax, "derivative") == []
    np.testing.assert_array_equal(drawn(ax, "taken"), [[0, 1]])


def test_activation_plot_refuses():
    with pytest.raises(ValueError, match=r"interval is \(2, 1\), expected low < high"):
        plots.activation_plot(np.tanh, interval=(2, 1))
    with pytest.raises(ValueError, match=r"breaks is 5, .* below 5"):
        plots.activation_plot(np.tanh, breaks=(5,))
    with pytest.raises(ValueError, match=r"value\(x\) has shape \(\)"):
        plots.activation_plot(lambda z: 0.0)
    with pytest.raises(ValueError, match=r"derivative\(x\)\[0\] is nan"):
        plots.activation_plot(np.tanh, lambda z: z * np.nan)
    assert plt.get_fignums() == []


def test_fitted_curve_draws_samples_fit_and_truth():
    x, y = np.array([2.0, 0.0, 1.0]), np.array([4.0, 0.5, 1.0])
    ax = plots.fitted_curve(
        x, y, np.square, truth=np.exp, names=("distance (km)", "time (min)")
    )
    np.testing.assert_array_equal(drawn(ax, "samples"), np.column_stack([x, y]))
    where, fit = drawn(ax, "fit").T
    assert (where[0], where[-1]) == (0, 2)
    np.testing.assert_allclose(fit, where**2)
    np.testing.assert_allclose(drawn(ax, "truth")[:, 1], np.exp(where))
    assert same_color(having(ax, "truth")[0].get_color(), plots.TRUTH)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("distance (km)", "time (min)")


def test_fitted_curve_beyond_the_samples_without_truth():
    ax = plots.fitted_curve([1, 2], [1, 2], np.square, interval=(-1, 4))
    where = drawn(ax, "fit")[:, 0]
    assert (where[0], where[-1]) == (-1, 4)
    assert having(ax, "truth") == []


def test_fitted_curve_refuses():
    with pytest.raises(ValueError, match=r"one feature: write x\[:, 0\]"):
        plots.fitted_curve([[1], [2]], [1, 2], np.square)
    with pytest.raises(ValueError, match="one target a sample"):
        plots.fitted_curve([1, 2], [1], np.square)
    with pytest.raises(ValueError, match=r"predict\(x\) has shape \(401, 1\)"):
        plots.fitted_curve([1, 2], [1, 2], lambda x: x[:, None])
    with pytest.raises(ValueError, match=r"interval is \(1, 1\)"):
        plots.fitted_curve([1, 1], [1, 2], np.square)
    assert plt.get_fignums() == []


def test_fitted_plane_joins_each_sample_to_the_plane():
    y, w = [1, 2, 3, 4], np.array([1, 0.5, -1])
    ax = plots.fitted_plane(SAMPLES, y, w, names=("km", "weekday", "minutes"))
    (points,) = having(ax, "samples")
    np.testing.assert_array_equal(
        np.transpose(points.get_data_3d()), np.column_stack([SAMPLES, y])
    )
    sticks = having(ax, "residual")
    assert len(sticks) == len(SAMPLES)
    for stick, (x1, x2), measured in zip(sticks, SAMPLES, y, strict=True):
        predicted = 1 + 0.5 * x1 - x2
        np.testing.assert_allclose(
            np.transpose(stick.get_data_3d()),
            [[x1, x2, measured], [x1, x2, predicted]],
        )
    assert ax.get_zlabel() == "minutes"


def test_fitted_plane_refuses():
    with pytest.raises(ValueError, match="the bias, then one weight a feature"):
        plots.fitted_plane(SAMPLES, [1, 2, 3, 4], [1, 2])
    with pytest.raises(ValueError, match="one target a sample"):
        plots.fitted_plane(SAMPLES, [1, 2, 3], [1, 2, 3])
    with pytest.raises(ValueError, match="two features can be drawn"):
        plots.fitted_plane([1, 2], [1, 2], [1, 2, 3])
    assert plt.get_fignums() == []


# Vectors, maps, norms -----------------------------------------------------------------


def test_vectors_are_arrows_of_their_length_from_their_origin():
    V, origins = [[3, 1], [1, 2]], [[0, 0], [3, 1]]
    ax = plots.vectors(V, origins=origins, names=["$a$", "$b$"], colours=["k", "r"])
    (arrows,) = having(ax, "arrows")
    np.testing.assert_array_equal(np.column_stack([arrows.U, arrows.V]), V)
    np.testing.assert_array_equal(arrows.XY, origins)
    assert (arrows.angles, arrows.scale_units, arrows.scale) == ("xy", "xy", 1)
    assert texts(ax, "name") == ["$a$", "$b$"]
    ax.figure.canvas.draw()
    for point in ([0, 0], [3, 1], [4, 3]):
        assert ax.viewLim.contains(*point)
    assert ax.get_aspect() == 1


def test_vectors_start_at_the_origin_in_the_palettes_colours():
    ax = plots.vectors(np.ones((6, 2)))
    (arrows,) = having(ax, "arrows")
    assert not arrows.XY.any()
    assert same_color(arrows.get_facecolor()[0], plots.LEARNED)
    assert same_color(arrows.get_facecolor()[5], plots.LEARNED)
    assert same_color(arrows.get_facecolor()[4], plots.INK)


def test_zero_vector_can_be_drawn():
    plots.vectors([[0, 0]], names=["$0$"]).figure.canvas.draw()


def test_vectors_refuse():
    with pytest.raises(ValueError, match="one vector of the plane a row"):
        plots.vectors([1, 2])
    with pytest.raises(ValueError, match="one origin a vector"):
        plots.vectors([[1, 2]], origins=[[0, 0], [1, 1]])
    with pytest.raises(ValueError, match="names has 2 entries for 1 vectors"):
        plots.vectors([[1, 2]], names=["a", "b"])
    with pytest.raises(ValueError, match="colours has 0 entries for 1 vectors"):
        plots.vectors([[1, 2]], colours=[])
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    "A", [[[0, -1], [1, 0]], [[2, 1], [0, 0.5]], [[-1, 0], [0, 1]], [[1, 2], [2, 4]]]
)
def test_linear_map_draws_the_images(A):
    ax = plots.linear_map(A)
    A = np.array(A, dtype=float)
    (arrows,) = having(ax, "arrows")
    np.testing.assert_array_equal([arrows.U, arrows.V], A)
    (square,) = having(ax, "square")
    corners = square.get_xy()[:4]
    np.testing.assert_allclose(corners, [[0, 0], A[:, 0], A.sum(axis=1), A[:, 1]])
    x, y = np.vstack([corners, corners[:1]]).T
    area = 0.5 * (x[:-1] @ y[1:] - y[:-1] @ x[1:])  # the shoelace formula
    assert area == pytest.approx(np.linalg.det(A))
    # The grid's lines are those of the plane's integer points, mapped.
    ends = {(0, -1), (0, 2), (-1, 0), (2, 0)}
    images = {tuple(np.round(A @ end, 9)) for end in ends}
    found = {
        tuple(np.round(point, 9))
        for line in having(ax, "grid")
        for point in np.transpose(line.get_data())
    }
    assert images <= found
    assert texts(ax, "name") == ["$A e_1$", "$A e_2$"]
    ax.figure.canvas.draw()
    for point in corners:
        assert ax.viewLim.contains(*point)


@pytest.mark.parametrize("A", [np.eye(2), [[0, 1], [1, 0]]])
def test_linear_map_writes_its_names_outside_the_square(A):
    ax = plots.linear_map(A)
    (square,) = having(ax, "square")
    ax.figure.canvas.draw()
    for name in having(ax, "name"):
        box = name.get_window_extent()
        middle = ax.transData.inverted().transform(
            [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2]
        )
        assert not square.get_path().contains_point(middle)


def test_linear_map_refuses():
    with pytest.raises(ValueError, match="a map of the plane to itself"):
        plots.linear_map(np.ones((2, 3)))


def test_unit_balls_have_length_one():
    ax = plots.unit_balls([1, 1.5, 2, np.inf])
    x, y = np.abs(drawn(ax, "p = 1").T)
    np.testing.assert_allclose(x + y, 1)
    x, y = np.abs(drawn(ax, "p = 1.5").T)
    np.testing.assert_allclose(x**1.5 + y**1.5, 1)
    x, y = np.abs(drawn(ax, "p = 2").T)
    np.testing.assert_allclose(x**2 + y**2, 1)
    corners = drawn(ax, "p = inf")
    np.testing.assert_allclose(np.maximum(*np.abs(corners.T)), 1)
    for corner in ([1, 1], [-1, 1], [-1, -1], [1, -1]):
        assert np.isclose(corners, corner).all(axis=1).any()
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["$p = 1$", "$p = 1.5$", "$p = 2$", r"$p = \infty$"]
    assert ax.get_aspect() == 1


def test_unit_balls_refuse():
    with pytest.raises(ValueError, match=r"p is 0\.5, .* at least 1"):
        plots.unit_balls([0.5])
    for orders in ([], [1, 2, 3, 4, 5, 6]):
        with pytest.raises(ValueError, match=f"orders has {len(orders)} entries"):
            plots.unit_balls(orders)
    with pytest.raises(TypeError, match="p is 'two'"):
        plots.unit_balls(["two"])
    assert len(plots.unit_balls([1, 2, 3, 4, np.inf]).get_legend().get_texts()) == 5


def test_image_grid_shows_every_image_once_in_order():
    rng = np.random.default_rng(0)
    pictures = rng.normal(size=(5, 4, 2))
    ax = plots.image_grid(pictures, titles=list("abcde"), columns=3)
    assert len(ax.images) == 5
    for shown, picture in zip(ax.images, pictures, strict=True):
        np.testing.assert_array_equal(shown.get_array(), picture)
        assert shown.get_clim() == (pictures.min(), pictures.max())
        left, right, bottom, top = shown.get_extent()
        assert (right - left, bottom - top) == pytest.approx((1, 2))
        assert ax.viewLim.contains(left, top)
        assert ax.viewLim.contains(right, bottom)
    lefts = np.array([shown.get_extent()[0] for shown in ax.images])
    tops = np.array([shown.get_extent()[3] for shown in ax.images])
    assert lefts[0] == lefts[3] < lefts[1] == lefts[4] < lefts[2]
    assert tops[0] == tops[1] == tops[2] < tops[3] == tops[4]
    assert np.diff(lefts[:3]).min() > 1
    assert tops[3] - tops[0] > 2
    assert [text.get_text() for text in ax.texts] == list("abcde")
    for title, left, top in zip(ax.texts, lefts, tops, strict=True):
        assert title.get_position() == pytest.approx((left + 0.5, top - 0.06))


def test_image_grid_without_titles_wastes_no_column():
    ax = plots.image_grid(np.zeros((2, 3, 3)))
    assert ax.get_xlim() == (0, pytest.approx(2.12))
    assert len(ax.texts) == 0


def test_image_grid_refuses():
    with pytest.raises(ValueError, match=r"images has shape \(3, 3\)"):
        plots.image_grid(np.eye(3))
    with pytest.raises(ValueError, match="titles has 1 entries for 2 images"):
        plots.image_grid(np.zeros((2, 3, 3)), titles=["a"])
    with pytest.raises(ValueError, match="columns is 0"):
        plots.image_grid(np.zeros((2, 3, 3)), columns=0)
    assert plt.get_fignums() == []


# Networks -----------------------------------------------------------------------------


def test_network_has_a_line_a_weight_coded_by_sign_and_size():
    ax = plots.network_diagram(WEIGHTS)
    layers = having(ax, "edges")
    units = [units.get_offsets() for units in having(ax, "units")]
    assert [len(place) for place in units] == [2, 3, 1]
    largest = 4
    for layer, W in enumerate(WEIGHTS):
        lines = layers[layer]
        assert len(lines.get_segments()) == W.size
        k = 0
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                start, end = lines.get_segments()[k]
                np.testing.assert_array_equal(start, units[layer][j])
                np.testing.assert_array_equal(end, units[layer + 1][i])
                w = W[i, j]
                colour = {1: plots.POSITIVE, -1: plots.NEGATIVE, 0: plots.TRUTH}
                assert same_color(lines.get_colors()[k], colour[np.sign(w)])
                dashed = lines.get_linestyles()[k][1] is not None
                assert dashed == (w < 0)
                width = lines.get_linewidths()[k]
                assert width == pytest.approx(0.9 + 3.1 * abs(w) / largest)
                k += 1


def test_network_writes_weights_biases_values_and_names():
    ax = plots.network_diagram(
        WEIGHTS, BIASES, values=VALUES, inputs=["age", "km"], outputs=["minutes"]
    )
    assert texts(ax, "weight") == ["1", "−2", "0.5", "0", "−0.25", "4", "1", "−1", "3"]
    assert texts(ax, "bias") == [
        "$b = 0.1$",
        "$b = −0.2$",
        "$b = 0.3$",
        "$b = −1.5$",
    ]
    assert texts(ax, "value") == ["0", "1", "0.12", "−0.46", "100", "1"]
    assert texts(ax, "name") == ["age", "km", "minutes"]


def test_each_number_stands_on_its_line():
    ax = plots.network_diagram(WEIGHTS)
    segments = [s for lines in having(ax, "edges") for s in lines.get_segments()]
    for number, (start, end) in zip(having(ax, "weight"), segments, strict=True):
        along = (number.get_position()[0] - start[0]) / (end[0] - start[0])
        assert 0.2 <= along <= 0.75
        np.testing.assert_allclose(
            number.get_position(), start + along * (end - start), atol=1e-9
        )


@pytest.mark.parametrize("widths", [(2, 2, 1), (3, 4, 2), (4, 4)])
def test_numbers_do_not_cover_each_other(widths):
    rng = np.random.default_rng(0)
    W = [rng.normal(size=(b, a)) for a, b in pairwise(widths)]
    ax = plots.network_diagram(W)
    ax.figure.canvas.draw()
    boxes = [number.get_window_extent() for number in having(ax, "weight")]
    assert len(boxes) == sum(layer.size for layer in W)
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)


@pytest.mark.parametrize("widths", [[2, 3, 1], [6, 8, 8, 3], [10, 10]])
def test_units_do_not_touch_and_lie_inside_the_axes(widths):
    ax = plots.network_diagram(widths)
    ax.figure.canvas.draw()
    for layer, units in enumerate(having(ax, "units")):
        place = ax.transData.transform(units.get_offsets())
        diameter = np.sqrt(units.get_sizes()[0]) * ax.figure.dpi / 72
        assert len(place) == widths[layer]
        if len(place) > 1:
            assert -np.diff(place[:, 1]).max() > 1.1 * diameter
        assert (place[:, 1] - diameter / 2 >= ax.bbox.y0).all()
        assert (place[:, 1] + diameter / 2 <= ax.bbox.y1).all()


def test_network_of_widths_has_grey_lines_without_numbers():
    ax = plots.network_diagram([6, 5, 10, 3])
    lines = [line for layer in having(ax, "edges") for line in layer.get_colors()]
    assert sum(len(e.get_segments()) for e in having(ax, "edges")) == 30 + 50 + 30
    assert all(same_color(colour, plots.TRUTH) for colour in lines)
    assert texts(ax, "weight") == []
    assert texts(ax, "name") == [
        *(f"$x_{{{i}}}$" for i in range(1, 7)),
        *(rf"$\hat y_{{{i}}}$" for i in range(1, 4)),
    ]


def test_numbers_are_left_out_where_they_have_no_room():
    rng = np.random.default_rng(0)
    wide = plots.network_diagram([rng.normal(size=(7, 3))], [rng.normal(size=7)])
    assert texts(wide, "weight") == texts(wide, "bias") == []
    roomy = plots.network_diagram([rng.normal(size=(4, 4))], [rng.normal(size=4)])
    assert len(texts(roomy, "weight")) == 16
    six = plots.network_diagram([rng.normal(size=(6, 3))], [rng.normal(size=6)])
    assert texts(six, "weight") == []
    assert len(texts(six, "bias")) == 6


def test_units_are_tinted_by_the_sign_of_their_value():
    ax = plots.network_diagram([2, 1], values=[[2, -1], [0]])
    warm, cold = (to_rgb(c) for c in having(ax, "units")[0].get_facecolor())
    assert warm[0] > warm[2]
    assert cold[2] > cold[0]
    assert same_color(having(ax, "units")[1].get_facecolor()[0], plots.PAPER)
    full, pale = 1 - np.array(warm), 1 - np.array(to_rgb(plots.POSITIVE))
    np.testing.assert_allclose(full, 0.35 * pale)


def test_all_zero_weights_can_be_drawn():
    (edges,) = having(plots.network_diagram([np.zeros((2, 2))]), "edges")
    np.testing.assert_allclose(edges.get_linewidths(), 0.9)


def test_numbers_are_written_in_two_decimals_without_idle_zeros():
    row = [0.001, -0.001, 99.999, 1234.5, -100, 10, 0.1, -3.10]
    ax = plots.network_diagram([8, 1], values=[row, [0]])
    assert texts(ax, "value")[:8] == [
        "0",
        "0",
        "100",
        "1.23e+03",
        "−100",
        "10",
        "0.1",
        "−3.1",
    ]


def test_network_refuses():
    for empty in ([], [3]):
        with pytest.raises(ValueError, match="weights is empty"):
            plots.network_diagram(empty)
    with pytest.raises(ValueError, match="width is 0, expected at least 1"):
        plots.network_diagram([2, 0])
    with pytest.raises(ValueError, match="a layer has 11 units, more than 10"):
        plots.network_diagram([2, 11])
    with pytest.raises(ValueError, match=r"weights\[1\] has shape \(1, 2\).*before"):
        plots.network_diagram([np.ones((3, 2)), np.ones((1, 2))])
    with pytest.raises(ValueError, match=r"weights\[0\] has shape \(2,\)"):
        plots.network_diagram([[1.0, 2.0]])
    with pytest.raises(ValueError, match="biases has 1 layers, expected 2"):
        plots.network_diagram(WEIGHTS, BIASES[:1])
    with pytest.raises(ValueError, match=r"biases\[0\] has shape \(2,\)"):
        plots.network_diagram(WEIGHTS, [[1, 2], [1]])
    with pytest.raises(ValueError, match="values has 2 layers, expected 3"):
        plots.network_diagram(WEIGHTS, values=VALUES[:2])
    with pytest.raises(ValueError, match="inputs has 1 names for 2 units"):
        plots.network_diagram(WEIGHTS, inputs=["a"])
    with pytest.raises(ValueError, match="outputs has 2 names for 1 units"):
        plots.network_diagram(WEIGHTS, outputs=["a", "b"])
    assert plt.get_fignums() == []
