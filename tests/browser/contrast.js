// [text, contrast ratio as WCAG 2 counts it] of each badge and cell, and of the page's own text.
(() => {
  const channels = text => text.match(/[\d.]+/g).slice(0, 3).map(Number);
  const luminance = text => {
    const [r, g, b] = channels(text).map(value => value / 255)
      .map(value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = one => {
    const { color, backgroundColor } = getComputedStyle(one);
    const [low, high] = [luminance(color), luminance(backgroundColor)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const own = statuses.map(status => element("span", status, `badge ${status}`));
  document.body.append(...own);
  const found = [...own, document.body, document.querySelector(".player pre")]
    .map(one => [one.className || one.localName, ratio(one)]);
  own.forEach(one => one.remove());
  return found;
})()
