export const id = 606;
export const ids = [606];
export const modules = {

/***/ 9225:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   credentialsTreatedAsExpired: () => (/* reexport safe */ _chunk_G3XXYFL2_js__WEBPACK_IMPORTED_MODULE_0__.c),
/* harmony export */   credentialsWillNeedRefresh: () => (/* reexport safe */ _chunk_G3XXYFL2_js__WEBPACK_IMPORTED_MODULE_0__.b),
/* harmony export */   defaultProvider: () => (/* reexport safe */ _chunk_G3XXYFL2_js__WEBPACK_IMPORTED_MODULE_0__.a)
/* harmony export */ });
/* harmony import */ var _chunk_G3XXYFL2_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7519);
/* harmony import */ var _chunk_4KW52I7N_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4905);
/* harmony import */ var _chunk_OCTWT2XF_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3943);
/* harmony import */ var _chunk_X2KETNNT_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2366);
/* harmony import */ var _chunk_IWG5LNPS_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2027);
/* harmony import */ var _chunk_IM3BSWBF_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(7325);



/***/ })

};
