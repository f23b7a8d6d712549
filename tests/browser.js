// What is wrong with the page, as a reader sees it: a list of sentences, empty where all is well.
() => {
  const faults = new Set();
  const LEAST_CONTRAST = 4.5; // WCAG 2.2, 1.4.3
  const LEAST_TAP = 40; // CSS pixels
  const LEAST_FONT = 12;
  const named = (node) => {
    const words = (node.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${node.tagName.toLowerCase()}> “${words}”`;
  };

  // ------------------------------------------------------------ colours
  const colour = (words) => {
    const parts = words.match(/[\d.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
  };
  const over = (top, below) => top.rgb.map((one, at) => one * top.alpha + below[at] * (1 - top.alpha));
  const ground = (element) => {
    if (!element) return null;
    const own = colour(getComputedStyle(element).backgroundColor);
    if (own.alpha === 1) return own.rgb;
    const below = ground(element.parentElement);
    return below && over(own, below);
  };
  const light = (rgb) => {
    const [red, green, blue] = rgb.map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.05 + 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  // ------------------------------------------------------------ words
  const pieces = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.textContent.trim()) continue;
    const element = node.parentElement;
    const style = getComputedStyle(element);
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((one) => one.width > 0 && one.height > 0);
    if (!rects.length || style.visibility !== "visible" || Number(style.opacity) < 1) {
      faults.add(`cannot be seen: ${named(element)}`);
      continue;
    }
    const behind = ground(element);
    if (!behind) {
      faults.add(`stands on no background of its own: ${named(element)}`);
    } else {
      const [text, back] = [light(over(colour(style.color), behind)), light(behind)];
      const contrast = Math.max(text, back) / Math.min(text, back);
      if (contrast < LEAST_CONTRAST) faults.add(`contrast ${contrast.toFixed(2)}: ${named(element)}`);
    }
    if (parseFloat(style.fontSize) < LEAST_FONT) faults.add(`letters of ${style.fontSize}: ${named(element)}`);
    const cell = element.closest("td, th") || document.body;
    const room = cell.getBoundingClientRect();
    for (const one of rects) {
      if (one.right > innerWidth + 0.5 || one.left < -0.5) faults.add(`beyond the window: ${named(element)}`);
      if (one.right > room.right + 0.5 || one.left < room.left - 0.5) faults.add(`beyond its cell: ${named(element)}`);
      pieces.push({ rect: one, node, element });
    }
  }
  pieces.sort((one, other) => one.rect.top - other.rect.top);
  pieces.forEach((one, at) => {
    for (const other of pieces.slice(at + 1)) {
      if (other.rect.top > one.rect.bottom - 3) break;
      if (other.node === one.node) continue;
      const [a, b] = [one.rect, other.rect];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 3) faults.add(`words over words: ${named(one.element)}, ${named(other.element)}`);
    }
  });

  // ------------------------------------------------------------ boxes
  if (document.documentElement.scrollWidth > innerWidth) {
    faults.add(`scrolls sideways: ${document.documentElement.scrollWidth} in ${innerWidth}`);
  }
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.right > innerWidth + 0.5 || box.left < -0.5) faults.add(`beyond the window: ${named(element)}`);
    const clips = getComputedStyle(element).overflow !== "visible";
    if (clips && (element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight)) {
      faults.add(`cut off: ${named(element)}`);
    }
  }

  // ------------------------------------------------------------ links
  const links = [...document.querySelectorAll("a")];
  const names = new Map();
  links.forEach((one, at) => {
    const words = one.textContent.trim();
    const name = (one.getAttribute("aria-label") || words).trim();
    const href = one.getAttribute("href") || "";
    const box = one.getBoundingClientRect();
    if (!words) faults.add(`link without words: ${href.slice(0, 60)}`);
    if (!name.startsWith(words)) faults.add(`link whose name is not its words: ${named(one)} “${name}”`);
    if (!href.startsWith("mailto:")) faults.add(`link that leads elsewhere: ${named(one)} ${href.slice(0, 60)}`);
    if ((names.get(name) || href) !== href) faults.add(`two links of one name: ${name}`);
    names.set(name, href);
    if (box.height < LEAST_TAP || box.width < 24) {
      faults.add(`too small to tap: ${named(one)} ${Math.round(box.width)}×${Math.round(box.height)}`);
    }
    for (const other of links.slice(at + 1)) {
      const near = other.getBoundingClientRect();
      const apart = near.left >= box.right || near.right <= box.left || near.top >= box.bottom || near.bottom <= box.top;
      if (!apart) faults.add(`links over links: ${named(one)}, ${named(other)}`);
    }
  });

  // ------------------------------------------------------------ order
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((one) => Number(one.tagName[1]));
  if (levels.filter((one) => one === 1).length !== 1) faults.add("not one h1");
  levels.forEach((one, at) => {
    if (one > (levels[at - 1] || 0) + 1) faults.add(`h${one} under h${levels[at - 1] || 0}`);
  });
  if (!document.documentElement.lang) faults.add("no language");
  if (!document.title.trim()) faults.add("no title");
  for (const cell of document.querySelectorAll("td.number")) {
    if (!cell.textContent.trim()) continue;
    const lineOf = (element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getClientRects()[0];
    };
    const client = cell.nextElementSibling && cell.nextElementSibling.querySelector("b");
    const [number, name] = [lineOf(cell), client && lineOf(client)];
    if (!name || Math.abs(number.bottom - name.bottom) > 4 || number.right > name.left) {
      faults.add(`number and client on two lines: ${named(cell.parentElement)}`);
    }
  }
  for (const table of document.querySelectorAll("table")) {
    if (table.getAttribute("role") !== "presentation" && !table.querySelector("th[scope]")) {
      faults.add(`table that is neither layout nor has heads: ${named(table)}`);
    }
  }
  return [...faults];
}
