//! The companies of the sample data. None of them exists; their domains end in `.example`.

use crate::sample::names::Company;

/// Name, domain, trade, region, city, country, level.
type Line = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const LINES: [Line; 40] = [
    ("上海明德精密机械有限公司", "mingde", "制造业", "上海", "上海", "CN", "A"),
    ("苏州恒越自动化设备有限公司", "hengyue", "制造业", "江苏", "苏州", "CN", "A"),
    ("杭州云帆信息技术有限公司", "yunfan", "软件与信息服务", "浙江", "杭州", "CN", "B"),
    ("宁波远舟国际物流有限公司", "yuanzhou", "交通物流", "浙江", "宁波", "CN", "B"),
    ("南京瑞康医疗器械有限公司", "ruikang", "医疗健康", "江苏", "南京", "CN", "A"),
    ("无锡金桥新材料股份有限公司", "jinqiao", "化工材料", "江苏", "无锡", "CN", "C"),
    ("北京启明教育科技有限公司", "qiming", "教育培训", "北京", "北京", "CN", "B"),
    ("天津海河冷链物流有限公司", "haihe", "交通物流", "天津", "天津", "CN", "C"),
    ("青岛碧湾食品有限公司", "biwan", "食品饮料", "山东", "青岛", "CN", "B"),
    ("济南泉城环保科技有限公司", "quancheng", "能源环保", "山东", "济南", "CN", "C"),
    ("深圳市星野电子科技有限公司", "xingye", "电子", "广东", "深圳", "CN", "A"),
    ("广州花都汽车部件有限公司", "huadu", "汽车", "广东", "广州", "CN", "B"),
    ("东莞市精工模具有限公司", "jinggong", "制造业", "广东", "东莞", "CN", "C"),
    ("成都锦里文化传媒有限公司", "jinli", "文化传媒", "四川", "成都", "CN", "D"),
    ("重庆山城新能源有限公司", "shancheng", "能源环保", "重庆", "重庆", "CN", "B"),
    ("武汉江汉生物科技有限公司", "jianghan", "医疗健康", "湖北", "武汉", "CN", "B"),
    ("西安长安软件有限公司", "changan", "软件与信息服务", "陕西", "西安", "CN", "C"),
    ("长沙橘洲商贸有限公司", "juzhou", "消费零售", "湖南", "长沙", "CN", "D"),
    ("合肥科岛信息技术有限公司", "kedao", "软件与信息服务", "安徽", "合肥", "CN", "C"),
    ("厦门鹭江服饰有限公司", "lujiang", "消费零售", "福建", "厦门", "CN", "C"),
    ("福州榕城建筑工程有限公司", "rongcheng", "建筑房产", "福建", "福州", "CN", "B"),
    ("郑州中原农业科技有限公司", "zhongyuan", "农业", "河南", "郑州", "CN", "C"),
    ("大连滨城海产品有限公司", "bincheng", "食品饮料", "辽宁", "大连", "CN", "D"),
    ("昆明滇池花卉有限公司", "dianchi", "农业", "云南", "昆明", "CN", "D"),
    ("花果山水帘洞旅游发展有限公司", "huaguoshan", "文化旅游", "江苏", "连云港", "CN", "B"),
    ("Northgate Robotics Ltd", "northgate", "Manufacturing", "England", "Manchester", "GB", "A"),
    ("Calder & Finch Logistics Ltd", "calderfinch", "Logistics", "England", "Leeds", "GB", "B"),
    ("Brightwater Foods plc", "brightwater", "Food and drink", "England", "Bristol", "GB", "B"),
    ("Kestrel Analytics Inc.", "kestrel", "Software", "Texas", "Austin", "US", "A"),
    ("Oakham Medical Devices Inc.", "oakham", "Healthcare", "Illinois", "Chicago", "US", "B"),
    ("Pemberton Construction Group", "pemberton", "Construction", "New York", "New York", "US", "C"),
    ("Lumen Ost Energie GmbH", "lumenost", "Energy", "Berlin", "Berlin", "DE", "B"),
    ("Rowan & Reid LLP", "rowanreid", "Legal services", "Scotland", "Edinburgh", "GB", "D"),
    ("Quayside Freight Partners", "quayside", "Logistics", "Singapore", "Singapore", "SG", "B"),
    ("Thornbury Education Trust", "thornbury", "Education", "England", "London", "GB", "C"),
    ("Vantage Media House Ltd", "vantage", "Media", "Leinster", "Dublin", "IE", "C"),
    ("Westbrook Retail Holdings Inc.", "westbrook", "Retail", "Ontario", "Toronto", "CA", "B"),
    ("Ironbridge Tooling Ltd", "ironbridge", "Manufacturing", "England", "Birmingham", "GB", "C"),
    ("Juniper Hill Hotels", "juniperhill", "Hospitality", "New South Wales", "Sydney", "AU", "C"),
    ("Merrow Bay Shipping Pte. Ltd.", "merrowbay", "Logistics", "Singapore", "Singapore", "SG", "A"),
];

/// Every company with its level.
pub(super) fn companies() -> impl Iterator<Item = (Company, &'static str)> {
    LINES.into_iter().map(|(name, domain, industry, region, city, country, level)| {
        let company = Company {
            name: name.to_owned(),
            domain: format!("{domain}.example"),
            industry,
            country,
            region,
            city,
            is_chinese: country == "CN",
        };
        (company, level)
    })
}
