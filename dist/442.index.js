export const id = 442;
export const ids = [442];
export const modules = {

/***/ 4442:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   collectInputs: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.n),
/* harmony export */   formatDuration: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.i),
/* harmony export */   nearest: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.f),
/* harmony export */   parseBoolean: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.c),
/* harmony export */   parseDuration: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.h),
/* harmony export */   parseInteger: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.d),
/* harmony export */   parseLines: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.k),
/* harmony export */   parseList: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.j),
/* harmony export */   parseOneOf: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.e),
/* harmony export */   parsePairs: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.l),
/* harmony export */   parsePath: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.g),
/* harmony export */   parseSecrets: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.m),
/* harmony export */   quoted: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.b),
/* harmony export */   runAction: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.p),
/* harmony export */   runPost: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.q),
/* harmony export */   runnerLogger: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.o),
/* harmony export */   systemClock: () => (/* reexport safe */ _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__.a)
/* harmony export */ });
/* harmony import */ var _chunk_PMCEQKAP_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6854);
/* harmony import */ var _chunk_7B4ATMY7_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6877);
/* harmony import */ var _chunk_IM3BSWBF_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7325);



/***/ })

};
