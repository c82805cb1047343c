/* TeX to MathML, for what questions use, where no KaTeX is at hand (JupyterLab). A page
   of the book has KaTeX. What is not known here is an error: a test reads all formulae. */

const LETTERS = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", Delta: "Δ", epsilon: "ϵ", varepsilon: "ε", eta: "η", theta: "θ",
  kappa: "κ", lambda: "λ", mu: "μ", nabla: "∇", partial: "∂", rho: "ρ", sigma: "σ", Sigma: "Σ", tau: "τ",
  varphi: "φ", phi: "ϕ", psi: "ψ", pi: "π", omega: "ω", ell: "ℓ", infty: "∞", top: "⊤",
};
const SIGNS = {
  cdot: "·", times: "×", le: "≤", leq: "≤", ge: "≥", geq: "≥", ne: "≠", neq: "≠", approx: "≈", to: "→", mapsto: "↦",
  leftarrow: "←", rightarrow: "→", Rightarrow: "⇒", iff: "⟺", dots: "…", ldots: "…", cdots: "⋯", vdots: "⋮", sum: "∑", prod: "∏", in: "∈",
  pm: "±", odot: "⊙", circ: "∘", mid: "∣", perp: "⊥", parallel: "∥", equiv: "≡", sim: "∼", propto: "∝", ast: "∗", star: "⋆",
  lfloor: "⌊", rfloor: "⌋", lceil: "⌈", rceil: "⌉", "|": "‖", lVert: "‖", rVert: "‖", bmod: "mod", "{": "{", "}": "}", "%": "%", colon: ":", wedge: "∧", vee: "∨", neg: "¬",
  subset: "⊂", subseteq: "⊆", cup: "∪", cap: "∩", setminus: "∖", ll: "≪", gg: "≫", forall: "∀", exists: "∃", int: "∫", oplus: "⊕",
};
const SPACES = { ",": 0.17, ":": 0.22, ";": 0.28, " ": 0.25, "!": -0.17, allowbreak: 0, quad: 1, qquad: 2 };
const WORDS = ["sin", "cos", "tan", "log", "ln", "exp", "max", "min", "tanh", "arg", "det", "lim", "Pr"];
const ACCENTS = { hat: "^", bar: "¯", tilde: "~", vec: "→", dot: "˙", overline: "¯", widehat: "^" };
const SIZES = /^(left|right|middle|[bB]igg?[lrm]?)$/;
const STYLES = { mathsf: "normal", mathrm: "normal", operatorname: "normal", mathbf: "bold", mathbb: "double", mathcal: "script" };
const DOUBLE = { R: "ℝ", N: "ℕ", Z: "ℤ", E: "𝔼" };
const PIECE = /\\([A-Za-z]+|.)|(\d+(?:\.\d+)?|\.\d+)|(\s+)|(.)/gsu;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const boxed = (parts) => (parts.length === 1 ? parts[0] : `<mrow>${parts.join("")}</mrow>`);

/* The MathML of a formula, as text. */
export function toMathML(tex, display = false) {
  const pieces = [...tex.matchAll(PIECE)].map(([all, command, number, space, other]) => ({ all, command, number, space, other }));
  let at = 0;
  const skip = () => {
    while (pieces[at]?.space) at += 1;
  };
  const isEnd = (end) => at >= pieces.length || end(pieces[at]);
  /* The text in the brackets that follow, as it is. */
  function raw() {
    skip();
    let text = "";
    let depth = 0;
    do {
      const { all } = pieces[at++] ?? { all: null };
      if (all === null) throw new Error(`${tex}: a bracket is open`);
      if (all === "{") depth += 1;
      if (all === "}") depth -= 1;
      text += all;
    } while (depth > 0);
    return text.replace(/^\{([\s\S]*)\}$/, "$1");
  }
  function group() {
    skip();
    // Of a number without brackets only the first digit belongs to it: \frac12 is a half.
    const { number } = pieces[at] ?? {};
    if (number?.length > 1) {
      pieces[at] = { ...pieces[at], number: number.slice(1) };
      return `<mn>${number[0]}</mn>`;
    }
    if (pieces[at]?.other !== "{") return atom();
    at += 1;
    const inner = row((piece) => piece.other === "}");
    at += 1;
    return boxed(inner);
  }
  function matrix(kind) {
    const rows = [[]];
    for (;;) {
      rows.at(-1).push(boxed(row((piece) => piece.other === "&" || piece.command === "\\" || piece.command === "end")));
      const { other, command } = pieces[at++] ?? { command: "end" };
      if (command === "end") break;
      if (other !== "&") rows.push([]);
    }
    raw();
    const body = rows.map((cells) => `<mtr>${cells.map((cell) => `<mtd>${cell}</mtd>`).join("")}</mtr>`).join("");
    const [open, close] = { pmatrix: ["(", ")"], bmatrix: ["[", "]"], cases: ["{", ""], matrix: ["", ""] }[kind] ?? [];
    if (open === undefined) throw new Error(`${tex}: ${kind} is not known`);
    return `<mrow><mo>${open}</mo><mtable>${body}</mtable><mo>${close}</mo></mrow>`;
  }
  function styled(name) {
    const text = raw();
    const style = STYLES[name];
    if (style === "double") return `<mi>${DOUBLE[text] ?? escaped(text)}</mi>`;
    if (style === "script" || style === "normal") return `<mi mathvariant="normal">${escaped(text)}</mi>`;
    return `<mi style="font-weight: bold">${escaped(text)}</mi>`;
  }
  function command(name) {
    if (Object.hasOwn(LETTERS, name)) return `<mi>${LETTERS[name]}</mi>`;
    if (Object.hasOwn(SIGNS, name)) return `<mo${/^(\||[lr]Vert)$/.test(name) ? ' stretchy="false"' : ""}>${SIGNS[name]}</mo>`;
    if (Object.hasOwn(SPACES, name)) return `<mspace width="${SPACES[name]}em"/>`;
    if (WORDS.includes(name)) return `<mi>${name}</mi><mspace width="0.17em"/>`;
    if (Object.hasOwn(STYLES, name)) return styled(name);
    if (name === "text") return `<mtext>${escaped(raw())}</mtext>`;
    if (/^[dt]?frac$/.test(name)) return `<mfrac>${group()}${group()}</mfrac>`;
    if (name === "sqrt") return `<msqrt>${group()}</msqrt>`;
    if (Object.hasOwn(ACCENTS, name)) return `<mover accent="true">${group()}<mo stretchy="false">${ACCENTS[name]}</mo></mover>`;
    if (name === "begin") return matrix(raw());
    if (SIZES.test(name)) {
      skip();
      const { other, command: sign } = pieces[at++];
      return `<mo>${other === "." ? "" : escaped(other ?? SIGNS[sign])}</mo>`;
    }
    throw new Error(`${tex}: \\${name} is not known`);
  }
  function atom(signed = false) {
    skip();
    const { command: name, number, other } = pieces[at++] ?? {};
    if (name) return command(name);
    if (number) return `<mn>${number}</mn>`;
    if (other === undefined) throw new Error(`${tex}: something is missing at its end`);
    if (/\p{L}/u.test(other)) return `<mi>${other}</mi>`;
    if (other === "-") return signed ? '<mo form="prefix" lspace="0" rspace="0">−</mo>' : "<mo>−</mo>";
    if (other === "*") return "<mo>∗</mo>";
    if (other === "/") return '<mo lspace="0" rspace="0">/</mo>';
    return `<mo${/[()[\]|]/.test(other) ? ' stretchy="false"' : ""}>${escaped(other)}</mo>`;
  }
  /* `first`: nothing stands before it but the start, a bracket, a comma or a sign. */
  function scripted(first) {
    let base = pieces[at]?.other === "{" ? group() : atom(first);
    const scripts = {};
    let primes = "";
    for (skip(); /^[\^_']$/.test(pieces[at]?.other ?? ""); skip()) {
      const { other } = pieces[at++];
      if (other === "'") primes += "′";
      else scripts[other] = group();
    }
    if (primes) scripts["^"] = boxed([`<mo>${primes}</mo>`, scripts["^"]].filter(Boolean));
    const { _: low, "^": high } = scripts;
    const under = display && /[∑∏]/.test(base);
    if (low && high) base = under ? `<munderover>${base}${low}${high}</munderover>` : `<msubsup>${base}${low}${high}</msubsup>`;
    else if (low) base = under ? `<munder>${base}${low}</munder>` : `<msub>${base}${low}</msub>`;
    else if (high) base = `<msup>${base}${high}</msup>`;
    return base;
  }
  function row(end) {
    const parts = [];
    for (skip(); !isEnd(end); skip()) {
      const before = parts.findLast((part) => !part.startsWith("<mspace"));
      parts.push(scripted(!before || /^<mo[^>]*>[^)\]}|‖⟩]<\/mo>$/.test(before)));
    }
    return parts;
  }
  const body = row(() => false).join("");
  return `<math${display ? ' display="block"' : ""}><mrow>${body}</mrow></math>`;
}
