// Choosing people in a list: with Shift from the box before to this one, and by a long press anywhere on a line.
(() => {
  const boxes = [...document.querySelectorAll("tbody input[type=checkbox]")];
  let last = null;
  boxes.forEach((box, place) => box.addEventListener("click", (event) => {
    if (event.shiftKey && last !== null) {
      const [from, to] = [Math.min(last, place), Math.max(last, place)];
      boxes.slice(from, to + 1).forEach((between) => { between.checked = box.checked; });
    }
    last = place;
  }));
  document.querySelectorAll("tbody tr").forEach((line) => {
    const box = line.querySelector("input[type=checkbox]");
    let waiting = 0;
    const leave = () => clearTimeout(waiting);
    line.addEventListener("pointerdown", (event) => {
      if (!box || event.target.closest("a, input")) return;
      waiting = setTimeout(() => { box.checked = !box.checked; last = boxes.indexOf(box); }, 500);
    });
    ["pointerup", "pointerleave", "pointercancel"].forEach((name) => line.addEventListener(name, leave));
  });
})();
