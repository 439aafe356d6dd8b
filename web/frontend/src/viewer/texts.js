// The words of the diagram page, in both languages.

const CHINESE = {
  active: "进行中",
  completed: "已完成",
  incident: "异常",
  path: "走过的路径",
  zoomIn: "放大（+）",
  zoomOut: "缩小（−）",
  fit: "适应窗口（0）",
  diagram: "流程图",
  keys: "获得焦点后：+ − 缩放，0 适应，方向键移动",
  activeCount: (count) => `进行中 ${count} 个`,
  completedCount: (count) => `已完成 ${count} 次`,
  incidentCount: (count) => `异常 ${count} 个`,
  takenCount: (count) => `走过 ${count} 次`,
  openCalled: "查看被调用的流程",
  notReached: "尚未到达",
  noHeat: "期间无人到达",
  standingCases: "查看停留的案件",
  nothingDrawn: "部署的文件中只有流程，没有图形信息，无法画出流程图。",
  failed: "流程图无法显示。请刷新页面再试；仍不显示时请联系管理员。",
};

const ENGLISH = {
  active: "Active",
  completed: "Completed",
  incident: "Incident",
  path: "Path taken",
  zoomIn: "Zoom in (+)",
  zoomOut: "Zoom out (−)",
  fit: "Fit to view (0)",
  diagram: "Process diagram",
  keys: "With focus: + − zoom, 0 fit, arrow keys move",
  activeCount: (count) => `${count} active`,
  completedCount: (count) => `completed ${count}×`,
  incidentCount: (count) => (count === 1 ? "1 incident" : `${count} incidents`),
  takenCount: (count) => `taken ${count}×`,
  openCalled: "Show the called process",
  notReached: "Not reached yet",
  noHeat: "Nobody came here in the period",
  standingCases: "Show the cases standing here",
  nothingDrawn: "The deployed file holds the process without its drawing, so there is no diagram to show.",
  failed: "The diagram cannot be shown. Load the page again; if that does not help, tell an administrator.",
};

/** @param {boolean} chinese */
export const textsFor = (chinese) => (chinese ? CHINESE : ENGLISH);
