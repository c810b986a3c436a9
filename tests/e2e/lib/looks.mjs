/** The three ways every screen is looked at: what people see most, its opposite, and the pocket. */
export const LOOKS = {
  "zh-light": {
    language: "zh-CN",
    theme: "light",
    context: { locale: "zh-CN", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  },
  "en-dark": {
    language: "en",
    theme: "dark",
    context: { locale: "en-US", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  },
  phone: {
    language: "zh-CN",
    theme: "light",
    context: {
      locale: "zh-CN",
      colorScheme: "light",
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
    },
  },
};
