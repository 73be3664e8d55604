// Draws each figure's chart from the table inside it, so that there is one source of numbers.
//
// <figure class="chart" data-chart="columns|bars"> holds .chart-drawing[role=img] and a table: the column headings are
// the series, the row headings the labels, and `data-value` on a cell is its number, its text how the reader reads it.
// `data-drawn` on the figure says to the stylesheet that the table may be folded away.
"use strict";

(() => {
  const charts = new Map();
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function read(table) {
    const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies[0].rows];
    return {
      labels: rows.map((row) => row.cells[0].dataset.short ?? row.cells[0].textContent.trim()),
      full: rows.map((row) => row.cells[0].textContent.trim()),
      series: names.flatMap((name, index) => {
        const cells = rows.map((row) => row.cells[index + 1]);
        if (cells.some((cell) => cell.dataset.value === undefined)) return [];
        return [{ name, values: cells.map((cell) => Number(cell.dataset.value)), texts: cells.map((cell) => cell.textContent.trim()) }];
      }),
    };
  }

  // A label wider than its share is broken over lines; Chart.js takes an array as lines.
  function broken(label, width) {
    const lines = [""];
    label.split(" ").forEach((word) => {
      const last = lines[lines.length - 1];
      if (last && (last + " " + word).length > width) lines.push(word);
      else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    });
    return lines.length > 2 ? [lines[0], `${lines.slice(1).join(" ").slice(0, width - 1)}…`] : lines;
  }

  // Lying bars carry their value at their end, as the table words it: no axis to read it from.
  const valuesAtTheEnd = {
    id: "valuesAtTheEnd",
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.font = `600 14px ${getComputedStyle(document.body).fontFamily}`;
      ctx.fillStyle = token("--ink");
      ctx.textBaseline = "middle";
      chart.getDatasetMeta(0).data.forEach((bar, index) => {
        ctx.fillText(chart.options.valueTexts[index], bar.x + 8, bar.y);
      });
      ctx.restore();
    },
  };

  function options(figure, data, animated) {
    const lying = figure.dataset.chart === "bars";
    const font = { family: getComputedStyle(document.body).fontFamily, size: 14 };
    const ink = token("--ink-soft");
    const valueAxis = { stacked: true, beginAtZero: true, border: { display: false }, grid: { color: token("--chart-grid") },
      ticks: { color: ink, font, maxTicksLimit: 6, precision: 0 },
      title: { display: true, text: figure.dataset.unit, color: ink, font } };
    if (lying) Object.assign(valueAxis, { display: false, grace: "30%" });
    const nameAxis = { stacked: true, grid: { display: false }, border: { color: token("--line-control") },
      ticks: { color: token("--ink"), font, autoSkip: !lying } };
    return {
      valueTexts: data.series[0].texts,
      indexAxis: lying ? "y" : "x",
      responsive: true,
      maintainAspectRatio: false,
      animation: animated && !still.matches ? { duration: 350 } : false,
      locale: document.documentElement.lang,
      scales: lying ? { x: valueAxis, y: nameAxis } : { x: nameAxis, y: valueAxis },
      interaction: { mode: "index", axis: lying ? "y" : "x", intersect: false },
      plugins: {
        legend: { display: data.series.length > 1, position: "bottom", align: "start",
          labels: { color: token("--ink"), font, boxWidth: 14, boxHeight: 14, useBorderRadius: true, borderRadius: 2 } },
        tooltip: { backgroundColor: token("--ink"), titleColor: token("--ground"), bodyColor: token("--ground"),
          titleFont: font, bodyFont: font, padding: 10, cornerRadius: 4,
          callbacks: {
            title: (items) => data.full[items[0].dataIndex],
            label: (item) => ` ${item.dataset.label}: ${data.series[item.datasetIndex].texts[item.dataIndex]}`,
          } },
      },
    };
  }

  function draw(figure, animated) {
    const table = figure.querySelector("table");
    const box = figure.querySelector(".chart-drawing");
    const data = read(table);
    const lying = figure.dataset.chart === "bars";
    const width = Math.max(12, Math.min(26, Math.floor(box.clientWidth / 24)));
    charts.get(figure)?.destroy();
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    box.replaceChildren(canvas);
    charts.set(figure, new Chart(canvas, {
      type: "bar",
      data: {
        labels: lying ? data.labels.map((label) => broken(label, width)) : data.labels,
        datasets: data.series.map((series, index) => ({
          label: series.name, data: series.values, backgroundColor: token(`--chart-${index + 1}`),
          borderColor: token("--ground"), borderWidth: index ? { bottom: lying ? 0 : 2, left: lying ? 2 : 0 } : 0,
          borderSkipped: false, maxBarThickness: lying ? 22 : 34, borderRadius: 2,
        })),
      },
      options: options(figure, data, animated),
      plugins: lying ? [valuesAtTheEnd] : [],
    }));
    if (!figure.hasAttribute("data-drawn")) {
      figure.querySelector("details").removeAttribute("open");
      figure.setAttribute("data-drawn", "");
    }
  }

  function drawAll(animated) {
    charts.forEach((chart, figure) => {
      if (figure.isConnected) return;
      chart.destroy();
      charts.delete(figure);
    });
    document.querySelectorAll("figure.chart").forEach((figure) => draw(figure, animated));
  }

  // The fonts must be there first: a canvas does not redraw by itself when they arrive.
  document.fonts.ready.then(() => drawAll(true));
  document.addEventListener("htmx:afterSwap", () => drawAll(false));
  dark.addEventListener("change", () => drawAll(false));
  window.addEventListener("beforeprint", () => charts.forEach((chart) => chart.resize(640, 260)));
  window.addEventListener("afterprint", () => charts.forEach((chart) => chart.resize()));
})();
