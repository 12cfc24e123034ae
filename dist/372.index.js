export const id = 372;
export const ids = [372];
export const modules = {

/***/ 3372:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   credentialsTreatedAsExpired: () => (/* reexport safe */ _chunk_GOQFZ6SM_js__WEBPACK_IMPORTED_MODULE_0__.c),
/* harmony export */   credentialsWillNeedRefresh: () => (/* reexport safe */ _chunk_GOQFZ6SM_js__WEBPACK_IMPORTED_MODULE_0__.b),
/* harmony export */   defaultProvider: () => (/* reexport safe */ _chunk_GOQFZ6SM_js__WEBPACK_IMPORTED_MODULE_0__.a)
/* harmony export */ });
/* harmony import */ var _chunk_GOQFZ6SM_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(705);
/* harmony import */ var _chunk_CAWIKDC5_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8775);
/* harmony import */ var _chunk_2UVKJXBH_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1810);
/* harmony import */ var _chunk_ZQG6NBGI_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1288);
/* harmony import */ var _chunk_IWG5LNPS_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2027);
/* harmony import */ var _chunk_IM3BSWBF_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(7325);



/***/ })

};
